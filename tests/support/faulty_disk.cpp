#include "tests/support/faulty_disk.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <limits>
#include <utility>

namespace tocsin::test {
namespace {

constexpr std::size_t kSector = 512;

std::mutex disks_mutex;
std::map<std::string, FaultyDisk*>& disks() {
  static std::map<std::string, FaultyDisk*> all;
  return all;
}

bool is_change(DiskCall call) {
  return call == DiskCall::write || call == DiskCall::sync || call == DiskCall::truncate || call == DiskCall::remove;
}

void put(std::string& image, std::uint64_t offset, std::string_view bytes) {
  if (image.size() < offset + bytes.size()) image.resize(offset + bytes.size());
  image.replace(offset, bytes.size(), bytes);
}

void redo(std::string& image, DiskChange const& change) {
  if (change.truncation)
    image.resize(change.offset);
  else
    put(image, change.offset, change.bytes);
}

// A write that the cut came into: of each sector the new bytes, or the old ones, or neither. What lies beside the bytes
// in their first and last sector keeps what it was, as the disks do that SQLite takes for granted.
void tear(std::string& image, DiskChange const& change, Random& random) {
  for (std::uint64_t at = change.offset, end = at + change.bytes.size(); at < end;) {
    std::uint64_t next = std::min(end, (at / kSector + 1) * kSector);
    std::string part = change.bytes.substr(at - change.offset, next - at);
    if (random.chance(6))
      for (char& byte : part) byte = static_cast<char>(random.number());
    if (random.chance(50)) put(image, at, part);
    at = next;
  }
}

// What the disk holds of a file after a cut.
std::string survivor(DiskFile const& file, Random& random) {
  std::string image = file.stable;
  std::vector<DiskChange const*> order;
  for (DiskChange const& change : file.unsynced) order.push_back(&change);
  // Some disks write in order until the end comes, others as they like.
  if (random.chance(50)) {
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  } else if (!order.empty()) {
    order.resize(random.below(order.size() + 1));
  }
  std::size_t kept = random.chance(30) ? 100 : random.below(101), torn = random.chance(50) ? 0 : random.below(101);
  std::uint64_t longest = image.size();
  for (DiskChange const* change : order) {
    longest = std::max<std::uint64_t>(longest, change->offset + change->bytes.size());
    if (!random.chance(kept)) continue;
    if (!change->truncation && random.chance(torn))
      tear(image, *change, random);
    else
      redo(image, *change);
  }
  // The length may have been written without the bytes.
  if (random.chance(20) && image.size() < longest) image.resize(longest);
  return image;
}

}  // namespace

FaultyDisk::FaultyDisk(std::filesystem::path const& folder) : folder_(folder) {
  std::lock_guard lock(disks_mutex);
  disks()[folder_.string()] = this;
}

FaultyDisk::FaultyDisk(std::filesystem::path const& folder, FaultyDisk const& other) : FaultyDisk(folder) {
  for (auto const& [name, file] : other.names_) {
    names_[name] = std::make_shared<DiskFile>();
    names_[name]->now = names_[name]->stable = file->stable;
    std::ofstream(folder_ / name).flush();
  }
}

FaultyDisk::~FaultyDisk() {
  std::lock_guard lock(disks_mutex);
  disks().erase(folder_.string());
}

FaultyDisk* FaultyDisk::of(std::filesystem::path const& file) {
  std::lock_guard lock(disks_mutex);
  auto found = disks().find(file.parent_path().string());
  return found == disks().end() ? nullptr : found->second;
}

void FaultyDisk::fail(DiskFault const& fault) {
  std::lock_guard lock(mutex_);
  fault_ = fault;
  fault_at_ = counts_[static_cast<std::size_t>(fault.call)] + fault.nth;
}

void FaultyDisk::mend() {
  std::lock_guard lock(mutex_);
  fault_.reset();
}

std::uint64_t FaultyDisk::failures() const {
  std::lock_guard lock(mutex_);
  return failures_;
}

bool FaultyDisk::is_full() const {
  std::lock_guard lock(mutex_);
  return fault_ && fault_->system_error == ENOSPC;
}

std::uint64_t FaultyDisk::count(DiskCall call) const {
  std::lock_guard lock(mutex_);
  return counts_[static_cast<std::size_t>(call)];
}

std::uint64_t FaultyDisk::changes() const {
  std::lock_guard lock(mutex_);
  return changes_;
}

void FaultyDisk::cut_power_after(std::uint64_t changes, bool in_a_sync) {
  std::lock_guard lock(mutex_);
  cut_at_ = changes_ + changes + 1;
  cut_in_a_sync_ = in_a_sync;
}

void FaultyDisk::cut_power() {
  std::lock_guard lock(mutex_);
  power_ = false;
}

bool FaultyDisk::has_power() const {
  std::lock_guard lock(mutex_);
  return power_;
}

void FaultyDisk::restore_power(Random& random) {
  std::lock_guard lock(mutex_);
  for (auto const& [name, meant] : std::exchange(names_before_, {})) {
    auto last = named(name);
    auto choice = random.below(meant.size() + 1);
    auto file = choice == meant.size() ? last : meant[choice];
    if (file)
      names_[name] = file;
    else
      names_.erase(name);
  }
  for (auto& [name, file] : names_) {
    auto after = std::make_shared<DiskFile>();
    after->now = after->stable = survivor(*file, random);
    file = std::move(after);
  }
  ++life_;
  power_ = true;
  cut_at_.reset();
}

void FaultyDisk::lie_about_syncs() {
  std::lock_guard lock(mutex_);
  lies_ = true;
}

// Counts the call and says whether it fails. The call that the power went in has not been done.
int FaultyDisk::admit(DiskCall call, DiskHandle const* handle) {
  if (!power_ || (handle != nullptr && handle->life != life_)) return EIO;
  std::uint64_t number = ++counts_[static_cast<std::size_t>(call)];
  bool due = is_change(call) && ++changes_ >= cut_at_.value_or(std::numeric_limits<std::uint64_t>::max());
  if (due && (call == DiskCall::sync || !cut_in_a_sync_)) {
    power_ = false;
    return EIO;
  }
  if (!fault_ || fault_->call != call) return 0;
  if (number < fault_at_ || (number > fault_at_ && !fault_->lasting)) return 0;
  ++failures_;
  return fault_->system_error;
}

std::shared_ptr<DiskFile> FaultyDisk::named(std::string const& name) const {
  auto found = names_.find(name);
  return found == names_.end() ? nullptr : found->second;
}

void FaultyDisk::rename(std::string const& name, std::shared_ptr<DiskFile> file) {
  names_before_[name].push_back(named(name));
  if (file)
    names_[name] = std::move(file);
  else
    names_.erase(name);
}

int FaultyDisk::open(std::string const& name, bool create, bool names_the_file, std::optional<DiskHandle>& out) {
  std::lock_guard lock(mutex_);
  if (int error = admit(DiskCall::open, nullptr)) return error;
  auto file = named(name);
  if (!file) {
    // What others made is empty here.
    bool there = std::filesystem::exists(folder_ / name);
    if (!there && !create) return ENOENT;
    file = std::make_shared<DiskFile>();
    if (there)
      names_[name] = file;
    else
      rename(name, file);
  }
  out.emplace();
  out->file = std::move(file);
  out->life = life_;
  // Also where it was there already: unixOpen of SQLite looks at the flag, not at what it found.
  out->names_the_file = create && names_the_file;
  return 0;
}

int FaultyDisk::read(DiskHandle& handle, char* into, std::size_t size, std::uint64_t offset, std::size_t& got) {
  std::lock_guard lock(mutex_);
  if (int error = admit(DiskCall::read, &handle)) return error;
  std::string const& bytes = handle.file->now;
  got = offset < bytes.size() ? bytes.copy(into, size, offset) : 0;
  return 0;
}

void FaultyDisk::change(DiskHandle& handle, DiskChange change) {
  redo(handle.file->now, change);
  handle.file->unsynced.push_back(std::move(change));
}

int FaultyDisk::write(DiskHandle& handle, char const* from, std::size_t size, std::uint64_t offset) {
  std::lock_guard lock(mutex_);
  bool alive = power_ && handle.life == life_;
  int error = admit(DiskCall::write, &handle);
  bool cut_into = alive && !power_;
  bool half = error != 0 && alive && power_ && fault_->half_write;
  if (error == 0 || cut_into || half) change(handle, {offset, std::string(from, half ? size / 2 : size), false});
  return error;
}

int FaultyDisk::truncate(DiskHandle& handle, std::uint64_t size) {
  std::lock_guard lock(mutex_);
  if (int error = admit(DiskCall::truncate, &handle)) return error;
  if (size < handle.file->now.size()) change(handle, {size, {}, true});
  return 0;
}

int FaultyDisk::sync(DiskHandle& handle) {
  std::lock_guard lock(mutex_);
  bool alive = power_ && handle.life == life_;
  if (int error = admit(DiskCall::sync, &handle)) {
    // As Linux does it: what could not be written is not tried again by the next sync.
    if (alive && power_) handle.file->unsynced.clear();
    return error;
  }
  if (lies_) return 0;
  for (DiskChange const& change : std::exchange(handle.file->unsynced, {})) redo(handle.file->stable, change);
  if (std::exchange(handle.names_the_file, false)) names_before_.clear();
  return 0;
}

int FaultyDisk::file_size(DiskHandle& handle, std::uint64_t& size) {
  std::lock_guard lock(mutex_);
  if (int error = admit(DiskCall::file_size, &handle)) return error;
  size = handle.file->now.size();
  return 0;
}

int FaultyDisk::remove(std::string const& name, bool stable) {
  std::lock_guard lock(mutex_);
  if (int error = admit(DiskCall::remove, nullptr)) return error;
  if (!named(name)) return ENOENT;
  rename(name, nullptr);
  if (stable) names_before_.clear();
  return 0;
}

bool FaultyDisk::exists(std::string const& name) {
  std::lock_guard lock(mutex_);
  return named(name) != nullptr;
}

bool FaultyDisk::is_dead(DiskHandle const& handle) const {
  std::lock_guard lock(mutex_);
  return !power_ || handle.life != life_;
}

}  // namespace tocsin::test
