#include "server/base/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "schema/core/bytes.hpp"
#include "schema/core/digest.hpp"

namespace tocsin::base {
namespace {

using core::Code;
namespace fs = std::filesystem;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(Descriptor const&) = delete;
  Descriptor& operator=(Descriptor const&) = delete;
  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  [[nodiscard]] int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

std::unexpected<core::Error> failed(std::string_view what, fs::path const& path) {
  int number = errno;
  auto code = number == ENOSPC || number == EDQUOT ? Code::storage_full
              : number == ENOENT                   ? Code::not_found
                                                   : Code::io_failed;
  return core::fail(
      code, "Cannot " + std::string(what) + " " + path.string() + ": " + std::generic_category().message(number) + ".");
}

int open_file(fs::path const& path, int flags, mode_t mode = 0) {
  int descriptor = -1;
  do descriptor = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

// Up to `most` bytes from where the descriptor stands; false on an error.
bool read_up_to(int descriptor, std::size_t most, std::string& out) {
  out.resize(most);
  std::size_t filled = 0;
  while (filled < most) {
    auto got = ::read(descriptor, out.data() + filled, most - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  out.resize(filled);
  return true;
}

bool write_whole(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// A rename is only durable once the directory is.
bool sync_directory(fs::path const& directory) {
  Descriptor opened(open_file(directory, O_RDONLY | O_DIRECTORY));
  return opened.is_open() && ::fsync(opened.get()) == 0;
}

fs::path directory_of(fs::path const& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

fs::path temporary_name(fs::path const& path) {
  return directory_of(path) / ("." + path.filename().string() + "." + core::to_text(core::random_uuid()));
}

}  // namespace

core::Result<std::string> read_file(fs::path const& path, std::size_t longest) {
  // O_NONBLOCK, so that a pipe put in the file's place cannot hold up the server.
  Descriptor file(open_file(path, O_RDONLY | O_NONBLOCK));
  if (!file.is_open()) return failed("open", path);
  struct stat facts{};
  if (::fstat(file.get(), &facts) != 0) return failed("look at", path);
  if (!S_ISREG(facts.st_mode)) return core::fail(Code::io_failed, path.string() + " is not a regular file.");
  auto size = static_cast<std::size_t>(std::max<off_t>(0, facts.st_size));
  std::string bytes;
  if (size <= longest && !read_up_to(file.get(), size + 1, bytes)) return failed("read", path);
  if (size > longest || bytes.size() > longest)
    return core::fail(Code::io_failed, path.string() + " is longer than " + std::to_string(longest) + " bytes.");
  return bytes;
}

core::Result<void> write_file(fs::path const& path, std::string_view bytes, mode_t mode) {
  auto temporary = temporary_name(path);
  Descriptor file(open_file(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
  if (!file.is_open()) return failed("make a file for", path);
  if (::fchmod(file.get(), mode) != 0 || !write_whole(file.get(), bytes) || ::fsync(file.get()) != 0 ||
      ::rename(temporary.c_str(), path.c_str()) != 0) {
    auto failure = failed("write", path);
    ::unlink(temporary.c_str());
    return failure;
  }
  if (!sync_directory(directory_of(path))) return failed("make durable", path);
  return {};
}

core::Result<void> overwrite_end(fs::path const& path, std::string_view bytes) {
  Descriptor file(open_file(path, O_WRONLY | O_NOFOLLOW));
  if (!file.is_open()) return failed("open", path);
  auto const size = ::lseek(file.get(), 0, SEEK_END);
  auto const length = static_cast<off_t>(bytes.size());
  if (size < length) return core::fail(Code::io_failed, path.string() + " is shorter than what it should end with.");
  if (::lseek(file.get(), size - length, SEEK_SET) < 0 || !write_whole(file.get(), bytes) || ::fsync(file.get()) != 0)
    return failed("write", path);
  return {};
}

core::Result<void> move_file(fs::path const& from, fs::path const& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return failed("move", from);
  if (!sync_directory(directory_of(to))) return failed("make durable", to);
  return {};
}

core::Result<void> publish_file(fs::path const& from, fs::path const& to) {
  Descriptor file(open_file(from, O_RDONLY));
  if (!file.is_open() || ::fsync(file.get()) != 0) return failed("make durable", from);
  int done = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
  // Some network file systems know no such renaming; a second name that must be new does the same.
  if (done != 0 && errno == EINVAL) done = ::link(from.c_str(), to.c_str()) == 0 ? ::unlink(from.c_str()) : -1;
  if (done != 0 && errno == EEXIST)
    return core::fail(Code::directory_in_use, to.string() + " exists already.", "", "Choose another name.");
  if (done != 0) return failed("name", to);
  if (!sync_directory(directory_of(to))) return failed("make durable", to);
  return {};
}

core::Result<void> exchange_files(fs::path const& one, fs::path const& other) {
  if (::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) != 0) return failed("exchange", one);
  if (!sync_directory(directory_of(one)) || !sync_directory(directory_of(other))) return failed("make durable", one);
  return {};
}

core::Result<DirectoryLock> DirectoryLock::acquire(fs::path const& lock_file) {
  Descriptor file(open_file(lock_file, O_RDWR | O_CREAT | O_NOFOLLOW, 0600));
  if (!file.is_open()) return failed("open", lock_file);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) {
    // The number is for people only: the lock holds without it.
    if (::ftruncate(file.get(), 0) == 0) (void)write_whole(file.get(), std::to_string(::getpid()) + "\n");
    return DirectoryLock(file.release());
  }
  if (errno != EWOULDBLOCK) return failed("lock", lock_file);
  std::string holder;
  if (!read_up_to(file.get(), 20, holder)) holder.clear();
  std::erase_if(holder, [](char c) { return c < '0' || c > '9'; });
  return core::fail(Code::directory_in_use,
                    "The data directory " + directory_of(lock_file).string() + " is in use" +
                        (holder.empty() ? "" : " by process " + holder) + ".",
                    {}, "Stop that process, or use another directory.");
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

DirectoryLock& DirectoryLock::operator=(DirectoryLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);  // `other` lets go of what this one held
  return *this;
}

DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace tocsin::base
