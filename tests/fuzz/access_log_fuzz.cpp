// Access logs of any bytes, packed or not: however they are cut into pieces, the same records come out of it; every
// line is one or counted as bad; and a record names an account or an address.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/logs/log_reader.hpp"

namespace {

using namespace tocsin::logs;

void must(bool holds) {
  if (!holds) std::abort();
}

struct Log {
  std::vector<std::string> records;
  std::size_t lines = 0, bad = 0;
  bool is_whole = false;

  friend bool operator==(Log const&, Log const&) = default;
};

Log read(std::string_view text, std::size_t piece, std::optional<Format> format) {
  Log out;
  auto reader = LogReader::make(format, {}, [&](AccessRecord const& one) {
    must(!one.account.empty() || one.address);
    must(!one.email_domain.contains('@'));
    out.records.push_back(one.account + '\n' + one.prompt + '\n' + one.user_agent + '\n' + std::to_string(one.at_us));
  });
  for (std::size_t begin = 0; begin < text.size(); begin += piece) reader->feed(text.substr(begin, piece));
  out.is_whole = reader->finish().has_value();
  out.lines = reader->counts().lines;
  out.bad = reader->counts().bad();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  std::vector<std::optional<Format>> formats{std::nullopt};
  formats.insert(formats.end(), kFormats.begin(), kFormats.end());
  for (auto const& format : formats) {
    auto const whole = read(text, size + 1, format);
    must(whole == read(text, 1, format));
    must(whole.lines == whole.records.size() + whole.bad);
  }
  return 0;
}
