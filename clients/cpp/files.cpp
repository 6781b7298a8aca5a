#include "clients/cpp/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <istream>
#include <system_error>

namespace tocsin::client {
namespace {

constexpr std::size_t kPiece = 1 << 16;

std::string remedy_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return "Check the path; unless it begins with / it starts from the folder you are in.";
    case EACCES:
    case EPERM:
    case EROFS:
      return "Check who may use the file and its folder with: ls -l";
    case EISDIR:
      return "Name a file in that folder.";
    case ENOSPC:
    case EDQUOT:
      return "Make room there, or choose another place.";
    default:
      return "Check the path and the disk it is on.";
  }
}

}  // namespace

std::unexpected<Failure> file_failure(std::string const& name, std::string const& done, int error) {
  return fail(Exit::local, name + " cannot be " + done + ": " + std::generic_category().message(error) + ".",
              remedy_of(error));
}

// A pipe is not opened: whoever writes into it would take the end of that for the end of its reader.
Outcome<std::size_t> size_of_file(std::filesystem::path const& file, std::string const& name) {
  struct stat found = {};
  if (::stat(file.c_str(), &found) != 0) return file_failure(name, "read", errno);
  if (S_ISDIR(found.st_mode)) return file_failure(name, "read", EISDIR);
  if (::access(file.c_str(), R_OK) != 0) return file_failure(name, "read", errno);
  return S_ISREG(found.st_mode) ? static_cast<std::size_t>(found.st_size) : 0;
}

// Not a stream: those do not say why they failed, and throw when they are given a folder.
Outcome<void> read_pieces(std::filesystem::path const& file, std::string const& name, TakePiece const& take) {
  int const descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return file_failure(name, "read", errno);
  std::array<char, kPiece> buffer;
  ssize_t size = 0;
  int error = 0;
  Outcome<void> taken;
  do {
    size = ::read(descriptor, buffer.data(), buffer.size());
    if (size > 0) taken = take({buffer.data(), static_cast<std::size_t>(size)});
    if (size < 0) error = errno;
  } while (taken && (size > 0 || (size < 0 && error == EINTR)));
  ::close(descriptor);
  if (taken && size < 0) return file_failure(name, "read", error);
  return taken;
}

Outcome<void> read_pieces(std::istream& standard_input, TakePiece const& take) {
  std::array<char, kPiece> buffer;
  while (standard_input) {
    standard_input.read(buffer.data(), buffer.size());
    auto const size = static_cast<std::size_t>(standard_input.gcount());
    if (auto taken = take({buffer.data(), size}); !taken) return taken;
  }
  if (standard_input.bad()) return fail(Exit::local, "Standard input cannot be read.", "Name the file instead.");
  return {};
}

Outcome<std::string> read_file(std::filesystem::path const& file, std::string const& name) {
  std::string text;
  auto read = read_pieces(file, name, [&](std::string_view piece) -> Outcome<void> {
    text += piece;
    return {};
  });
  if (!read) return std::unexpected(std::move(read.error()));
  return text;
}

}  // namespace tocsin::client
