#include "server/feeds/signing.hpp"

#include <algorithm>
#include <utility>

#include "schema/log/decimal.hpp"
#include "server/base/files.hpp"

namespace tocsin::feeds {
namespace {

constexpr std::int64_t kAhead = 3'600'000'000;  // numbers: an hour of microseconds

core::Result<std::int64_t> read_reserved(std::filesystem::path const& file) {
  auto const text = base::read_file(file, 64);
  if (!text && text.error().code == core::Code::not_found) return 0;
  if (!text) return std::unexpected(text.error());
  auto const number = text->ends_with('\n') ? log::parse_decimal(std::string_view(*text).substr(0, text->size() - 1))
                                            : std::optional<std::uint64_t>();
  if (!number) return core::fail(core::Code::io_failed, file.string() + " holds no number.");
  return static_cast<std::int64_t>(*number);
}

}  // namespace

Signing::Signing(std::filesystem::path file, base::Clock const& clock, base::Log& log)
    : file_(std::move(file)), clock_(clock), log_(log) {}

void Signing::use(log::SignerKey key) {
  std::lock_guard lock(mutex_);
  key_ = std::move(key);
}

std::optional<std::uint64_t> Signing::next() {
  std::lock_guard lock(mutex_);
  if (!key_) return std::nullopt;
  auto const now = clock_.now_us();
  auto done = core::Result<void>();
  if (!reserved_) {
    auto const before = read_reserved(file_);
    if (before)
      reserved_ = last_ = *before;
    else
      done = std::unexpected(before.error());
  }
  auto const number = std::max(now, last_ + 1);
  if (done && number > *reserved_) done = reserve(number + kAhead);
  if (!done && !failed_) log_.error("feeds.unsigned", {{"error", done.error().detail}});
  failed_ = !done;
  if (!done) return std::nullopt;
  last_ = number;
  return static_cast<std::uint64_t>(number);
}

core::Result<void> Signing::reserve(std::int64_t until) {
  if (auto written = base::write_file(file_, std::to_string(until) + "\n", 0600); !written) return written;
  reserved_ = until;
  return {};
}

std::string Signing::sign(log::FeedManifest const& manifest) const {
  std::lock_guard lock(mutex_);
  if (!key_) return "";
  return log::sign_feed_manifest(manifest, *key_).value_or("");
}

}  // namespace tocsin::feeds
