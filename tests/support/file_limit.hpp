// While it lives, this process writes into no file beyond so many bytes: as on a full disk, a write is cut short or
// fails. One at a time, on the test's thread; a test that checks something meanwhile may not see its own output.
#pragma once

#include <sys/resource.h>

#include <csignal>

namespace tocsin::test {

class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit narrow = before_;
    narrow.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &narrow);
  }
  ~FileLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileLimit(FileLimit const&) = delete;
  FileLimit& operator=(FileLimit const&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

}  // namespace tocsin::test
