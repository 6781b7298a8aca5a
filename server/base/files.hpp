// Small files, whole: configuration, keys, certificates; and the lock of a data directory. Any thread; they block.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"

namespace tocsin::base {

// The bytes of a regular file. Errors: not_found; io_failed, also for a file longer than `longest` bytes.
[[nodiscard]] core::Result<std::string> read_file(std::filesystem::path const& path, std::size_t longest);

// Replaces `path` in one step: after a crash it holds either the old bytes or all the new ones. The file has exactly
// `mode` (whatever the umask) from before its first byte is written. Errors: storage_full, io_failed; then nothing
// changed.
[[nodiscard]] core::Result<void> write_file(std::filesystem::path const& path, std::string_view bytes, mode_t mode);

// Writes over the last bytes of a file, where there may be no room for another one; they should lie in one sector, for
// a crash may leave some of them. Errors: not_found, storage_full, io_failed.
[[nodiscard]] core::Result<void> overwrite_end(std::filesystem::path const& path, std::string_view bytes);

// Gives a file another name in one step that lasts; what had that name is replaced. Errors: not_found; storage_full,
// io_failed.
[[nodiscard]] core::Result<void> move_file(std::filesystem::path const& from, std::filesystem::path const& to);

// Gives a finished file its name, in one step that lasts: first its bytes are on disk, then the name is there.
// Errors: directory_in_use when something has that name (it stays as it is); storage_full, io_failed.
[[nodiscard]] core::Result<void> publish_file(std::filesystem::path const& from, std::filesystem::path const& to);

// Exchanges two files or folders of one file system, in one step that lasts. Errors: not_found; io_failed.
[[nodiscard]] core::Result<void> exchange_files(std::filesystem::path const& one, std::filesystem::path const& other);

// Held by the one process that may write to a data directory; the kernel lets go of it when that process ends.
class DirectoryLock {
 public:
  // Makes the lock file if it is missing, and writes the process id into it. Errors: directory_in_use,
  // not_found (its directory), io_failed.
  [[nodiscard]] static core::Result<DirectoryLock> acquire(std::filesystem::path const& lock_file);

  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&& other) noexcept;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;  // -1 once moved from
};

}  // namespace tocsin::base
