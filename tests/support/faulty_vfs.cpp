#include "tests/support/faulty_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <thread>
#include <utility>

#include "tests/support/faulty_disk.hpp"

namespace tocsin::test {
namespace {

sqlite3_vfs* base = nullptr;

struct Open {
  FaultyDisk* disk;
  DiskHandle handle;
};

struct File {
  sqlite3_file head;  // SQLite's part
  Open* open;         // owned, from xOpen to xClose
};

Open& open_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file)->open; }

int answer(int error, int code) {
  if (error == 0) return SQLITE_OK;
  errno = error;
  return code;
}

int close(sqlite3_file*);
int read(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
  auto& [disk, handle] = open_of(file);
  std::size_t got = 0, wanted = static_cast<std::size_t>(size);
  if (int error = disk->read(handle, static_cast<char*>(into), wanted, static_cast<std::uint64_t>(offset), got))
    return answer(error, SQLITE_IOERR_READ);
  if (got == wanted) return SQLITE_OK;
  std::memset(static_cast<char*>(into) + got, 0, wanted - got);
  return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, void const* from, int size, sqlite3_int64 offset) {
  auto& [disk, handle] = open_of(file);
  int error = disk->write(handle, static_cast<char const*>(from), static_cast<std::size_t>(size),
                          static_cast<std::uint64_t>(offset));
  return answer(error, error == ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  auto& [disk, handle] = open_of(file);
  return answer(disk->truncate(handle, static_cast<std::uint64_t>(size)), SQLITE_IOERR_TRUNCATE);
}

int sync(sqlite3_file* file, int) {
  auto& [disk, handle] = open_of(file);
  return answer(disk->sync(handle), SQLITE_IOERR_FSYNC);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  auto& [disk, handle] = open_of(file);
  std::uint64_t bytes = 0;
  int error = disk->file_size(handle, bytes);
  *size = static_cast<sqlite3_int64>(bytes);
  return answer(error, SQLITE_IOERR_FSTAT);
}

bool is_other(void const* holder, void const* self) { return holder != nullptr && holder != self; }

// The locks of a rollback journal, as sqlite.org/lockingv3.html describes them.
int lock(sqlite3_file* file, int level) {
  auto& [disk, handle] = open_of(file);
  std::lock_guard guard(disk->mutex());
  if (disk->is_dead(handle)) return answer(EIO, SQLITE_IOERR_LOCK);
  DiskFile& state = *handle.file;
  if (handle.level >= level) return SQLITE_OK;
  if (level == SQLITE_LOCK_SHARED) {
    if (is_other(state.pending, &handle) || is_other(state.exclusive, &handle)) return SQLITE_BUSY;
    ++state.shared;
  } else if (level == SQLITE_LOCK_RESERVED) {
    if (is_other(state.reserved, &handle)) return SQLITE_BUSY;
    state.reserved = &handle;
  } else {
    if (is_other(state.reserved, &handle) || is_other(state.pending, &handle)) return SQLITE_BUSY;
    state.pending = &handle;
    if (state.shared > 1) return SQLITE_BUSY;
    state.exclusive = &handle;
  }
  handle.level = level;
  return SQLITE_OK;
}

int unlock(sqlite3_file* file, int level) {
  auto& [disk, handle] = open_of(file);
  std::lock_guard guard(disk->mutex());
  DiskFile& state = *handle.file;
  for (void const** holder : {&state.reserved, &state.pending, &state.exclusive})
    if (*holder == &handle) *holder = nullptr;
  if (level == SQLITE_LOCK_NONE && handle.level >= SQLITE_LOCK_SHARED) --state.shared;
  handle.level = std::min(handle.level, level);
  return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* file, int* reserved) {
  auto& [disk, handle] = open_of(file);
  std::lock_guard guard(disk->mutex());
  *reserved = handle.file->reserved != nullptr ? 1 : 0;
  return SQLITE_OK;
}

int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }

// As SQLite's own VFS for Unix says of disks.
int sector_size(sqlite3_file*) { return 4'096; }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int memory_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  auto& [disk, handle] = open_of(file);
  std::lock_guard guard(disk->mutex());
  *out = nullptr;
  if (disk->is_dead(handle)) return answer(EIO, SQLITE_IOERR_SHMMAP);
  DiskFile& state = *handle.file;
  if (!std::exchange(handle.uses_memory, true)) ++state.memory_users;
  auto index = static_cast<std::size_t>(region);
  while (state.memory.size() <= index && extend != 0)
    state.memory.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
  if (index < state.memory.size()) *out = state.memory[index].get();
  return SQLITE_OK;
}

void release(DiskFile& state, DiskHandle& handle, unsigned mask) {
  for (std::size_t i = 0; i < state.slots.size(); ++i) {
    if ((mask & handle.own) >> i & 1) state.slots[i].exclusive = nullptr;
    if ((mask & handle.shared) >> i & 1) --state.slots[i].shared;
  }
  handle.own &= ~mask;
  handle.shared &= ~mask;
}

// The locks of the write-ahead log.
int memory_lock(sqlite3_file* file, int offset, int count, int flags) {
  auto& [disk, handle] = open_of(file);
  std::lock_guard guard(disk->mutex());
  DiskFile& state = *handle.file;
  unsigned mask = ((1U << count) - 1U) << offset;
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    release(state, handle, mask);
    return SQLITE_OK;
  }
  if (disk->is_dead(handle)) return answer(EIO, SQLITE_IOERR_SHMLOCK);
  bool own = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  for (std::size_t i = 0; i < state.slots.size(); ++i) {
    if ((mask >> i & 1) == 0 || (handle.own >> i & 1) != 0) continue;
    int others = state.slots[i].shared - static_cast<int>(handle.shared >> i & 1);
    if (state.slots[i].exclusive != nullptr || (own && others > 0)) return SQLITE_BUSY;
  }
  for (std::size_t i = 0; i < state.slots.size(); ++i) {
    if ((mask >> i & 1) == 0) continue;
    if (own)
      state.slots[i].exclusive = &handle;
    else if ((handle.shared >> i & 1) == 0)
      ++state.slots[i].shared;
  }
  (own ? handle.own : handle.shared) |= mask;
  return SQLITE_OK;
}

void memory_barrier(sqlite3_file* file) { std::lock_guard guard(open_of(file).disk->mutex()); }

int memory_unmap(sqlite3_file* file, int) {
  auto& [disk, handle] = open_of(file);
  std::lock_guard guard(disk->mutex());
  release(*handle.file, handle, ~0U);
  if (std::exchange(handle.uses_memory, false) && --handle.file->memory_users == 0) handle.file->memory.clear();
  return SQLITE_OK;
}

int close(sqlite3_file* file) {
  unlock(file, SQLITE_LOCK_NONE);
  memory_unmap(file, 0);
  delete std::exchange(reinterpret_cast<File*>(file)->open, nullptr);
  return SQLITE_OK;
}

constexpr sqlite3_io_methods kMethods = {2,
                                         close,
                                         read,
                                         write,
                                         truncate,
                                         sync,
                                         file_size,
                                         lock,
                                         unlock,
                                         check_reserved_lock,
                                         control,
                                         sector_size,
                                         characteristics,
                                         memory_map,
                                         memory_lock,
                                         memory_barrier,
                                         memory_unmap,
                                         nullptr,
                                         nullptr};

int open_file(sqlite3_vfs*, char const* name, sqlite3_file* out, int flags, int* out_flags) {
  FaultyDisk* disk = name == nullptr ? nullptr : FaultyDisk::of(name);
  if (disk == nullptr) return base->xOpen(base, name, out, flags, out_flags);
  out->pMethods = nullptr;
  constexpr int kNamed = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
  std::optional<DiskHandle> handle;
  int error = disk->open(std::filesystem::path(name).filename(), (flags & SQLITE_OPEN_CREATE) != 0,
                         (flags & kNamed) != 0, handle);
  if (error != 0) return answer(error, SQLITE_CANTOPEN);
  reinterpret_cast<File*>(out)->open = new Open{disk, *std::move(handle)};
  out->pMethods = &kMethods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int remove_file(sqlite3_vfs*, char const* name, int sync_folder) {
  FaultyDisk* disk = FaultyDisk::of(name);
  if (disk == nullptr) return base->xDelete(base, name, sync_folder);
  int error = disk->remove(std::filesystem::path(name).filename(), sync_folder != 0);
  return answer(error, error == ENOENT ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE);
}

int access_file(sqlite3_vfs*, char const* name, int flags, int* out) {
  FaultyDisk* disk = FaultyDisk::of(name);
  if (disk == nullptr) return base->xAccess(base, name, flags, out);
  *out = disk->exists(std::filesystem::path(name).filename()) ? 1 : 0;
  return SQLITE_OK;
}

int sleep(sqlite3_vfs*, int microseconds) {
  std::this_thread::yield();
  return microseconds;
}

}  // namespace

void use_faulty_vfs() {
  static std::once_flag once;
  std::call_once(once, [] {
    base = sqlite3_vfs_find("unix");
    static sqlite3_vfs vfs = *base;
    vfs.pNext = nullptr;
    vfs.szOsFile = std::max(base->szOsFile, static_cast<int>(sizeof(File)));
    vfs.zName = "tocsin-faulty";
    vfs.xOpen = open_file;
    vfs.xDelete = remove_file;
    vfs.xAccess = access_file;
    vfs.xSleep = sleep;
    sqlite3_vfs_register(&vfs, 1);
  });
}

}  // namespace tocsin::test
