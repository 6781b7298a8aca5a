#include "clients/cpp/feed/kept_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "clients/cpp/files.hpp"
#include "schema/log/decimal.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::client {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kGeneration = "generation ";

fs::path beside(fs::path const& path, std::string const& ending) {
  auto out = path;
  return out.replace_filename("." + path.filename().string() + ".tocsin-" + ending);
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// As those of the file that is replaced. Another's owner can be given by root alone, and is asked for by nobody else.
bool take_rights(int descriptor, fs::path const& of) {
  struct stat old = {};
  if (::stat(of.c_str(), &old) != 0) return errno == ENOENT;
  if (::geteuid() == 0 && ::fchown(descriptor, old.st_uid, old.st_gid) != 0) return false;
  return ::fchmod(descriptor, old.st_mode & 07777) == 0;
}

// A line with a time, and one with a number where something was signed.
std::optional<LastTold> parse_told(std::string_view text) {
  auto const end = text.find('\n');
  auto const time = stix::Timestamp::parse(text.substr(0, end));
  if (!time) return std::nullopt;
  LastTold out{time->microseconds(), std::nullopt};
  auto const rest = end == text.npos ? std::string_view() : text.substr(end + 1);
  if (rest.empty()) return out;
  if (!rest.starts_with(kGeneration) || !rest.ends_with('\n')) return std::nullopt;
  out.generation = log::parse_decimal(rest.substr(kGeneration.size(), rest.size() - kGeneration.size() - 1));
  return out.generation ? std::optional(out) : std::nullopt;
}

bool sync(fs::path const& path) {
  int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  bool const done = ::fsync(descriptor) == 0;
  int const error = errno;
  ::close(descriptor);
  errno = error;
  return done;
}

}  // namespace

KeptFile::KeptFile(fs::path path)
    : path_(std::move(path)),
      as_of_(beside(path_, "as-of")),
      part_(beside(path_, "part")),
      before_(beside(path_, "before")),
      none_(beside(path_, "none")) {}

Outcome<KeptFile> KeptFile::at(fs::path path) {
  std::error_code error;
  if (fs::is_symlink(path, error)) path = fs::weakly_canonical(path, error);
  auto const status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_regular_file(status))
    return fail(Exit::local, path.string() + " is no ordinary file.", "Name a file with --to.");
  return KeptFile(fs::absolute(path));
}

fs::path KeptFile::folder() const { return path_.parent_path(); }

Outcome<std::optional<std::string>> KeptFile::read() const {
  std::error_code error;
  if (!fs::exists(path_, error)) return std::nullopt;
  auto text = read_file(path_, name());
  if (!text) return std::unexpected(std::move(text.error()));
  return std::move(*text);
}

void KeptFile::remove_unfinished() { ::unlink(part_.c_str()); }

Outcome<void> KeptFile::write_part(std::string_view bytes) const {
  int const descriptor = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) return file_failure(name(), "written", errno);
  // First the rights: those who may not read the file read nothing of it meanwhile, either.
  bool const done = take_rights(descriptor, path_) && write_all(descriptor, bytes) && ::fsync(descriptor) == 0;
  int const error = errno;
  ::close(descriptor);
  if (done) return {};
  ::unlink(part_.c_str());
  return file_failure(name(), "written", error);
}

Outcome<void> KeptFile::keep_before() const {
  if (awaits_acceptance()) return {};
  if (::link(path_.c_str(), before_.c_str()) == 0) return {};
  if (errno != ENOENT) return file_failure(name(), "kept", errno);
  int const descriptor = ::open(none_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return file_failure(name(), "written", errno);
  ::close(descriptor);
  return {};
}

Outcome<void> KeptFile::sync_folder() const {
  if (sync(folder())) return {};
  return file_failure(folder().string(), "written", errno);
}

Outcome<void> KeptFile::replace(std::string_view bytes, bool until_accepted) {
  if (auto written = write_part(bytes); !written) return written;
  if (until_accepted)
    if (auto kept = keep_before(); !kept) return kept;
  if (::rename(part_.c_str(), path_.c_str()) != 0) return file_failure(name(), "written", errno);
  return sync_folder();
}

bool KeptFile::awaits_acceptance() const {
  std::error_code error;
  return fs::exists(before_, error) || fs::exists(none_, error);
}

void KeptFile::accept() {
  ::unlink(before_.c_str());
  ::unlink(none_.c_str());
}

Outcome<void> KeptFile::put_back() {
  std::error_code error;
  bool const was_there = fs::exists(before_, error);
  if (was_there && ::rename(before_.c_str(), path_.c_str()) != 0) return file_failure(name(), "put back", errno);
  if (!was_there) ::unlink(path_.c_str());
  accept();  // of two names for one file, rename leaves both
  return sync_folder();
}

Outcome<std::optional<LastTold>> KeptFile::last_told() const {
  std::error_code error;
  if (!fs::exists(path_, error) || !fs::exists(as_of_, error)) return std::nullopt;
  auto const text = read_file(as_of_, as_of_.string());
  if (!text) return std::unexpected(text.error());
  auto const told = parse_told(*text);
  if (!told)
    return fail(Exit::local, as_of_.string() + " does not say since when the list is known.",
                "Remove it, when you know that the list is sound.");
  return told;
}

Outcome<void> KeptFile::remember(LastTold const& told) const {
  auto text = stix::Timestamp::from_microseconds(told.as_of_us).text() + "\n";
  if (told.generation) text += std::string(kGeneration) + std::to_string(*told.generation) + "\n";
  if (auto written = write_part(text); !written) return written;
  if (::rename(part_.c_str(), as_of_.c_str()) != 0) return file_failure(as_of_.string(), "written", errno);
  return {};
}

Outcome<FolderLock> FolderLock::take(fs::path const& folder) {
  int const descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return file_failure(folder.string(), "opened", errno);
  FolderLock out(descriptor);
  while (::flock(descriptor, LOCK_EX) != 0)
    if (errno != EINTR) return file_failure(folder.string(), "locked", errno);
  return out;
}

FolderLock::FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace tocsin::client
