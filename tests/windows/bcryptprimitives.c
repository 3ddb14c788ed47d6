/* Wine of Debian 12 has no bcryptprimitives.dll, of which Rust's library takes one function. Windows has its own; this is
   only for Wine. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) {
  return SystemFunction036(data, (ULONG)length);
}
