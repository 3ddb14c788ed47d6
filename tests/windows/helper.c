/* What a test on Windows needs and no script can do, here and under Wine.

     helper say TEXT              writes TEXT, as a program that keeps a key does
     helper hold FILE HOW         has FILE open until its standard input ends; HOW: alone, or letting others replace it
     helper console RESULT CODEPAGE END COMMAND
                                  runs COMMAND on a console; END: wait, or press (Ctrl-C, once standard input says so).
                                  RESULT gets its exit code, the console's mode before and after, and the screen
     helper readers FILE          who may read FILE: its own, or inherited from the folder
     helper engine                whether certificates of one's own can be added to those of the system */
#include <aclapi.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <wincrypt.h>
#include <windows.h>

static int failed(const char *what) {
  fprintf(stderr, "%s: error %lu\n", what, GetLastError());
  return 99;
}

static int hold(const wchar_t *file, const wchar_t *how) {
  DWORD share = wcscmp(how, L"alone") ? FILE_SHARE_READ | FILE_SHARE_DELETE : FILE_SHARE_READ;
  HANDLE held = CreateFileW(file, GENERIC_READ, share, NULL, OPEN_EXISTING, 0, NULL);
  if (held == INVALID_HANDLE_VALUE) return failed("hold");
  puts("held");
  fflush(stdout);
  while (getchar() != EOF) {}
  CloseHandle(held);
  return 0;
}

/* The screen, line by line, without blanks at the ends. */
static void write_screen(HANDLE out, FILE *to) {
  CONSOLE_SCREEN_BUFFER_INFO info;
  if (!GetConsoleScreenBufferInfo(out, &info)) return;
  for (SHORT row = 0; row <= info.dwCursorPosition.Y; row++) {
    wchar_t line[512];
    char text[2048];
    DWORD read = 0;
    COORD from = {0, row};
    DWORD width = info.dwSize.X < 512 ? info.dwSize.X : 511;
    ReadConsoleOutputCharacterW(out, line, width, from, &read);
    while (read > 0 && (line[read - 1] == L' ' || line[read - 1] == 0)) read--;
    int bytes = WideCharToMultiByte(CP_UTF8, 0, line, (int)read, text, sizeof text, NULL, NULL);
    fwrite(text, 1, (size_t)bytes, to);
    fputc('\n', to);
  }
}

static int console(const wchar_t *result, UINT page, BOOL press, wchar_t *command) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  DWORD both = FILE_SHARE_READ | FILE_SHARE_WRITE, rights = GENERIC_READ | GENERIC_WRITE;
  HANDLE out = CreateFileW(L"CONOUT$", rights, both, &inherited, OPEN_EXISTING, 0, NULL);
  if (out == INVALID_HANDLE_VALUE) return failed("no console");
  if (!SetConsoleOutputCP(page)) return failed("code page");
  DWORD before = 0, after = 0, code = 0;
  GetConsoleMode(out, &before);
  SetConsoleMode(out, before & ~ENABLE_VIRTUAL_TERMINAL_PROCESSING);
  GetConsoleMode(out, &before);
  HANDLE nothing = CreateFileW(L"NUL", GENERIC_READ, both, &inherited, OPEN_EXISTING, 0, NULL);
  STARTUPINFOW start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES,
                        .hStdInput = nothing, .hStdOutput = out, .hStdError = out};
  PROCESS_INFORMATION child;
  if (!CreateProcessW(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &start, &child)) return failed("start");
  /* Only now: whoever is started later would inherit it. */
  SetConsoleCtrlHandler(NULL, TRUE);
  if (press && getchar() != EOF && !GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)) return failed("Ctrl-C");
  WaitForSingleObject(child.hProcess, INFINITE);
  GetExitCodeProcess(child.hProcess, &code);
  GetConsoleMode(out, &after);
  FILE *to = _wfopen(result, L"wb");
  if (!to) return failed("result");
  fprintf(to, "%lu %lx %lx\n", code, before, after);
  write_screen(out, to);
  fclose(to);
  return 0;
}

static int readers(wchar_t *file) {
  PSECURITY_DESCRIPTOR all = NULL;
  SECURITY_DESCRIPTOR_CONTROL control = 0;
  DWORD revision = 0;
  if (GetNamedSecurityInfoW(file, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, NULL, NULL, &all))
    return failed("readers");
  GetSecurityDescriptorControl(all, &control, &revision);
  puts(control & SE_DACL_PROTECTED ? "its own" : "inherited");
  return 0;
}

/* The structure has grown twice; Windows 8 and later take every size. */
static int engine(void) {
  DWORD sizes[] = {64, 80, 88}, config[22];
  for (int i = 0; i < 3; i++) {
    HCERTCHAINENGINE made = NULL;
    memset(config, 0, sizeof config);
    config[0] = sizes[i];
    BOOL is_made = CertCreateCertificateChainEngine((PCERT_CHAIN_ENGINE_CONFIG)config, &made);
    printf("%lu bytes: %s (%ld)\n", sizes[i], is_made ? "taken" : "refused", is_made ? 0L : (long)GetLastError());
    if (is_made) CertFreeCertificateChainEngine(made);
  }
  return 0;
}

int wmain(int count, wchar_t **words) {
  const wchar_t *what = count > 1 ? words[1] : L"";
  if (!wcscmp(what, L"say") && count == 3) {
    char text[2048];
    if (!WideCharToMultiByte(CP_UTF8, 0, words[2], -1, text, sizeof text, NULL, NULL)) return failed("say");
    return puts(text) < 0;
  }
  if (!wcscmp(what, L"hold") && count == 4) return hold(words[2], words[3]);
  if (!wcscmp(what, L"console") && count == 6)
    return console(words[2], (UINT)_wtoi(words[3]), !wcscmp(words[4], L"press"), words[5]);
  if (!wcscmp(what, L"readers") && count == 3) return readers(words[2]);
  if (!wcscmp(what, L"engine") && count == 2) return engine();
  fputs("helper: say, hold, console, readers or engine\n", stderr);
  return 98;
}
