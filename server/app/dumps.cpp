#include "server/app/dumps.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace tocsin::app {

void keep_memory_private() {
  rlimit const none{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &none);
#if !__has_feature(address_sanitizer)  // its search for leaks attaches to the process
  (void)::prctl(PR_SET_DUMPABLE, 0);
#endif
}

}  // namespace tocsin::app
