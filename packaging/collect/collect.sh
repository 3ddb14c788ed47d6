#!/bin/sh
# Saves the answers that `leastwise snapshot --from-responses FOLDER` reads, with a key that leastwise never sees.
# It sends GET and nothing else, for the fields below and no more. It needs curl and jq.
#   sh collect.sh na.myconnectwise.net acme [FOLDER]     asks for CLIENT_ID, PUBLIC_KEY and PRIVATE_KEY unless they are set
set -eu
umask 077
site=${1#https://} company=$2 folder=${3:-answers} size=1000 now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
case $site in http://127.0.0.1:*) base=$site ;; *) base=https://$site ;; esac
case $site in *.myconnectwise.net) api=https://api-${site#api-} ;; *) api=$base ;; esac # the cloud's API has its own host
ask() { # NAME: what is typed is not shown
  trap 'stty echo' EXIT; trap 'exit 130' INT
  printf '%s: ' "$1" >&2; stty -echo; IFS= read -r typed; echo >&2; printf %s "$typed"
}
client=${CLIENT_ID:-$(ask 'client id')} public=${PUBLIC_KEY:-$(ask 'public key')} private=${PRIVATE_KEY:-$(ask 'private key')}
list() { # FILE PATH FIELDS [CONDITIONS]: page by page. A round number of rows may be a cut: then the next page is asked for.
  page=1 file=$1
  while [ "$page" -le 100 ]; do # The key goes to curl through a pipe, so that no list of processes shows it.
    status=$(printf 'user = "%s+%s:%s"\n' "$company" "$public" "$private" | curl -sS -G -K - -H "clientId: $client" --retry 5 \
      -o "$folder/$file.json" -w '%{http_code}' "$api/v4_6_release/apis/3.0/system/$2" -d "pageSize=$size" -d "page=$page" \
      --data-urlencode "fields=$3" ${4:+--data-urlencode "conditions=$4"})
    [ "$status" = 200 ] || { echo "$file.json: HTTP $status, so this list is not read" >&2
      answer=$(cat "$folder/$file.json"); printf 'HTTP/1.1 %s\r\n\r\n%s' "$status" "$answer" > "$folder/$file.json"; return; }
    rows=$(jq length "$folder/$file.json")
    if [ "$rows" = 0 ] || [ $((rows % 25)) != 0 ]; then return; fi
    page=$((page + 1)) file=$1-page$page
  done
}
mkdir "$folder" # Never into an old one, where pages of another day may be left.
curl -sS "$base/login/companyinfo/$company" | jq '{Codebase, VersionCode}' > "$folder/companyinfo.json" || :
list roles securityroles 'id,name,roleType,adminFlag,inactiveFlag,_info'
jq -e 'type == "array"' "$folder/roles.json" > /dev/null 2>&1 || { echo 'error: no roles; check the keys, the company and the role' >&2; exit 1; }
list api-members apiMembers 'id,identifier,name,inactiveFlag,securityRole,structureLevel,securityLocation,serviceDefaultBoard,excludedServiceBoardIds'
list members members 'id,identifier,licenseClass,inactiveFlag,securityRole/id'
list member-use members 'id,lastLogin,restrictLocationFlag,restrictDepartmentFlag' 'licenseClass="A"'
list integrator-logins integratorlogins 'id,username,inactiveFlag'
list own-member myMembers 'id,lastLogin'
for id in $(jq '.[].id' "$folder"/roles*.json); do list "settings-$id" "securityRoles/$id/settings" 'id,moduleName,moduleFunctionName,moduleFunctionDescription,moduleFunctionIdentifier,addLevel,editLevel,deleteLevel,inquireLevel'; done
printf '{"site":"%s","company":"%s","taken_at":"%s","page_size":%s}\n' "$site" "$company" "$now" "$size" > "$folder/meta.json"
echo "saved; next: leastwise snapshot --from-responses $folder" >&2
