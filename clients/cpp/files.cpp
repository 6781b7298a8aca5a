#include "clients/cpp/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace tocsin::client {
namespace {

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

// Not a stream: those do not say why they failed, and throw when they are given a folder.
Outcome<std::string> read_file(std::filesystem::path const& file, std::string const& name) {
  int const descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return file_failure(name, "read", errno);
  std::string text;
  std::array<char, 1 << 16> buffer;
  ssize_t size = 0;
  int error = 0;
  do {
    size = ::read(descriptor, buffer.data(), buffer.size());
    if (size > 0) text.append(buffer.data(), static_cast<std::size_t>(size));
    if (size < 0) error = errno;
  } while (size > 0 || (size < 0 && error == EINTR));
  ::close(descriptor);
  if (size < 0) return file_failure(name, "read", error);
  return text;
}

}  // namespace tocsin::client
