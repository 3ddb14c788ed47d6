# Saves the answers that `leastwise snapshot --from-responses FOLDER` reads, with a key that leastwise never sees.
# It sends GET and nothing else, for the fields below and no more. Windows PowerShell 5.1 or later.
#   .\collect.ps1 na.myconnectwise.net acme [FOLDER]     asks for CLIENT_ID, PUBLIC_KEY and PRIVATE_KEY unless they are set
param([Parameter(Mandatory)][string]$Site, [Parameter(Mandatory)][string]$Company, [string]$Folder = 'answers')
$ErrorActionPreference = 'Stop'
$meta = @{ site = $Site -replace '^https://', ''; company = $Company; taken_at = (Get-Date).ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ'); page_size = 1000 }
$base = if ($Site -like 'http://127.0.0.1:*') { $Site } else { 'https://' + $meta.site }
$api = if ($Site -like '*.myconnectwise.net') { 'https://api-' + ($meta.site -replace '^api-', '') } else { $base }  # the cloud's API has its own host
function Read-Secret($given, $name) { if ($given) { $given } else { [Net.NetworkCredential]::new('', (Read-Host $name -AsSecureString)).Password } }
$client = Read-Secret $env:CLIENT_ID 'client id'
$pair = "$Company+" + (Read-Secret $env:PUBLIC_KEY 'public key') + ':' + (Read-Secret $env:PRIVATE_KEY 'private key')
$headers = @{ Authorization = 'Basic ' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($pair)); clientId = $client }
function Save-List($name, $path, $fields, $conditions) {  # page by page; a round number of rows may be a cut: then the next page is asked for
    foreach ($page in 1..100) {
        $file = Join-Path $Folder $(if ($page -eq 1) { "$name.json" } else { "$name-page$page.json" })
        $query = "?pageSize=1000&page=$page&fields=" + [uri]::EscapeDataString($fields)
        if ($conditions) { $query += '&conditions=' + [uri]::EscapeDataString($conditions) }
        do {
            $status, $failure = 200, $null
            try { Invoke-WebRequest -UseBasicParsing -MaximumRedirection 0 -Headers $headers -OutFile $file -Uri "$api/v4_6_release/apis/3.0/system/$path$query" }
            catch { $failure = $_; $status = [int]$_.Exception.Response.StatusCode }
            if ($status -eq 429) { Start-Sleep -Seconds 60 }
        } while ($status -eq 429)
        if ($status -eq 0) { throw $failure }
        if ($failure) { Set-Content $file -Encoding UTF8 -Value "HTTP/1.1 $status`r`n`r`n$($failure.ErrorDetails.Message)"; Write-Warning "${file}: HTTP $status, so this list is not read"; return }
        $rows = ConvertFrom-Json (Get-Content $file -Raw -Encoding UTF8)
        if (@($rows).Count -eq 0 -or @($rows).Count % 25 -ne 0) { return }
    }
}
New-Item -ItemType Directory $Folder | Out-Null  # never into an old one, where pages of another day may be left
try { Invoke-RestMethod -UseBasicParsing "$base/login/companyinfo/$Company" | Select-Object Codebase, VersionCode | ConvertTo-Json | Set-Content "$Folder/companyinfo.json" -Encoding UTF8 } catch { Write-Warning 'the version of the PSA is not known' }
Save-List roles securityroles 'id,name,roleType,adminFlag,inactiveFlag,_info'
Save-List api-members apiMembers 'id,identifier,name,inactiveFlag,securityRole,structureLevel,securityLocation,serviceDefaultBoard,excludedServiceBoardIds'
Save-List members members 'id,identifier,licenseClass,inactiveFlag,securityRole/id'
Save-List member-use members 'id,lastLogin,restrictLocationFlag,restrictDepartmentFlag' 'licenseClass="A"'
Save-List integrator-logins integratorlogins 'id,username,inactiveFlag'
Save-List own-member myMembers 'id,lastLogin'
foreach ($role in Get-ChildItem "$Folder/roles*.json") { foreach ($id in (ConvertFrom-Json (Get-Content $role.FullName -Raw -Encoding UTF8)).id) { Save-List "settings-$id" "securityRoles/$id/settings" 'id,moduleName,moduleFunctionName,moduleFunctionDescription,moduleFunctionIdentifier,addLevel,editLevel,deleteLevel,inquireLevel' } }
$meta | ConvertTo-Json | Set-Content "$Folder/meta.json" -Encoding UTF8
