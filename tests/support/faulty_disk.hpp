// A disk in memory that can fail, run full and lose its power, for the files of one folder. Owned by a test, which
// keeps it longer than every connection to a database on it; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/randomness.hpp"

namespace tocsin::test {

enum class DiskCall : std::uint8_t { open, read, file_size, write, sync, truncate, remove };
constexpr std::size_t kDiskCalls = 7;

struct DiskFault {
  DiskCall call = DiskCall::write;
  std::uint64_t nth = 1;    // of the calls of this kind from now on
  int system_error = 0;     // EIO, ENOSPC
  bool lasting = false;     // all calls of this kind after it fail too, until the disk is mended
  bool half_write = false;  // the first half of the bytes is written all the same
};

// What was done to a file since its last sync.
struct DiskChange {
  std::uint64_t offset = 0;  // of the bytes, or the new size
  std::string bytes;
  bool truncation = false;
};

// A file, and what the operating system keeps about it while it is open: its locks and the memory of `-shm`.
struct DiskFile {
  std::string now;                   // as programs read it
  std::string stable;                // as it was synced last
  std::vector<DiskChange> unsynced;  // since then, in order

  int shared = 0;  // how many hold the lock of readers
  void const *reserved = nullptr, *pending = nullptr, *exclusive = nullptr;

  struct Slot {
    int shared = 0;
    void const* exclusive = nullptr;
  };
  std::array<Slot, 8> slots;
  std::vector<std::unique_ptr<char[]>> memory;
  int memory_users = 0;
};

// An open file. Of no use any more after a power cut.
struct DiskHandle {
  std::shared_ptr<DiskFile> file;
  std::uint64_t life = 0;        // of the disk
  bool names_the_file = false;   // its first sync makes the names in the folder stable
  int level = 0;                 // SQLITE_LOCK_*
  unsigned shared = 0, own = 0;  // slots, as bits
  bool uses_memory = false;
};

class FaultyDisk {
 public:
  explicit FaultyDisk(std::filesystem::path const& folder);
  // A disk with the same files, as they are synced there. The file called `database` gets its name in the folder.
  FaultyDisk(std::filesystem::path const& folder, FaultyDisk const& other);
  ~FaultyDisk();
  FaultyDisk(FaultyDisk const&) = delete;
  FaultyDisk& operator=(FaultyDisk const&) = delete;

  // The disk of a file, or nullptr.
  static FaultyDisk* of(std::filesystem::path const& file);

  void fail(DiskFault const& fault);
  void mend();
  [[nodiscard]] std::uint64_t failures() const;  // calls that the fault made fail so far
  [[nodiscard]] bool is_full() const;            // the fault is ENOSPC
  [[nodiscard]] std::uint64_t count(DiskCall call) const;
  [[nodiscard]] std::uint64_t changes() const;  // writes, syncs, truncations and removals so far

  // The power goes in the midst of the change that comes after so many others, or of the first sync after them. From
  // then on every call fails.
  void cut_power_after(std::uint64_t changes, bool in_a_sync = false);
  void cut_power();
  [[nodiscard]] bool has_power() const;
  // A disk with what survived: all that was synced; of the rest some writes, in any order, some in part, some as noise.
  void restore_power(Random& random);
  // Syncs that answer before anything is safe, as some disks do.
  void lie_about_syncs();

  // Below: for the VFS. Answers are 0 or an errno.
  int open(std::string const& name, bool create, bool names_the_file, std::optional<DiskHandle>& out);
  int read(DiskHandle& handle, char* into, std::size_t size, std::uint64_t offset, std::size_t& got);
  int write(DiskHandle& handle, char const* from, std::size_t size, std::uint64_t offset);
  int truncate(DiskHandle& handle, std::uint64_t size);
  int sync(DiskHandle& handle);
  int file_size(DiskHandle& handle, std::uint64_t& size);
  int remove(std::string const& name, bool stable);
  [[nodiscard]] bool exists(std::string const& name);
  [[nodiscard]] bool is_dead(DiskHandle const& handle) const;
  std::recursive_mutex& mutex() { return mutex_; }  // for the locks and the memory of files

 private:
  using Names = std::map<std::string, std::shared_ptr<DiskFile>>;

  int admit(DiskCall call, DiskHandle const* handle);
  void change(DiskHandle& handle, DiskChange change);
  std::shared_ptr<DiskFile> named(std::string const& name) const;
  void rename(std::string const& name, std::shared_ptr<DiskFile> file);

  std::filesystem::path const folder_;
  mutable std::recursive_mutex mutex_;
  Names names_;
  // What each name meant since the folder was synced, in order; nullptr: nothing. Not there: what it means now.
  std::map<std::string, std::vector<std::shared_ptr<DiskFile>>> names_before_;
  std::uint64_t life_ = 1;
  bool power_ = true, lies_ = false;
  std::array<std::uint64_t, kDiskCalls> counts_{};
  std::uint64_t changes_ = 0;
  std::optional<std::uint64_t> cut_at_;
  bool cut_in_a_sync_ = false;
  std::optional<DiskFault> fault_;
  std::uint64_t fault_at_ = 0;
  std::uint64_t failures_ = 0;
};

}  // namespace tocsin::test
