#include "server/ledger/spill.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace tocsin::ledger {
namespace {

// The text up to the first NUL, without an unfinished last line.
std::string text_of(int descriptor, std::size_t capacity) {
  std::string text(capacity, '\0');
  ssize_t got = ::pread(descriptor, text.data(), text.size(), 0);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  text.resize(std::min(text.find('\0'), text.size()));
  auto end = text.rfind('\n');
  text.resize(end == std::string::npos ? 0 : end + 1);
  return text;
}

}  // namespace

Spill::Spill(std::filesystem::path const& file, std::size_t bytes) {
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor_ < 0 || ::posix_fallocate(descriptor_, 0, static_cast<off_t>(bytes)) != 0) return;
  capacity_ = bytes;
  used_ = text_of(descriptor_, capacity_).size();
}

Spill::~Spill() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Spill::append(std::span<store::AuditEntry const> entries) {
  std::string lines;
  for (auto const& entry : entries) lines += std::to_string(entry.at_us) + "\t" + entry.text + "\n";
  if (used_ + lines.size() + 1 > capacity_) return false;
  std::size_t length = lines.size();
  lines += '\0';  // ends what an earlier, longer content left behind
  if (::pwrite(descriptor_, lines.data(), lines.size(), static_cast<off_t>(used_)) !=
          static_cast<ssize_t>(lines.size()) ||
      ::fdatasync(descriptor_) != 0)
    return false;
  used_ += length;
  return true;
}

std::vector<store::AuditEntry> Spill::read() const {
  std::vector<store::AuditEntry> out;
  if (empty()) return out;
  std::string text = text_of(descriptor_, capacity_);
  for (std::string_view rest = text; !rest.empty();) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    store::AuditEntry entry;
    auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), entry.at_us);
    if (error != std::errc() || end == line.data() + line.size() || *end != '\t') continue;
    entry.text.assign(end + 1, line.data() + line.size());
    out.push_back(std::move(entry));
  }
  return out;
}

void Spill::drop(std::size_t count) {
  if (empty()) return;
  auto entries = read();
  entries.erase(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(std::min(count, entries.size())));
  used_ = 0;
  (void)append(entries);
}

}  // namespace tocsin::ledger
