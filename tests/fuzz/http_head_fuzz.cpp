// The request head: whatever the bytes and however they are cut, the verdict is one, and a head that is accepted holds
// what the rest of the server relies on.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "server/http/head.hpp"

namespace {

using namespace tocsin::http;

void must(bool holds) {
  if (!holds) std::abort();
}

// State and length at the end of the scan, with the bytes arriving in pieces of `step`.
HeadScanner scan_in_steps(std::string_view bytes, std::size_t step, HeadScanner::State& state) {
  HeadScanner scanner;
  state = HeadScanner::State::incomplete;
  for (std::size_t size = 0; state == HeadScanner::State::incomplete && size < bytes.size();) {
    size = std::min(bytes.size(), size + step);
    state = scanner.scan(bytes.substr(0, size));
  }
  return scanner;
}

void check_accepted(Head const& head) {
  must(head.path.starts_with('/') && !head.path.contains("//") && !head.path.contains('\\'));
  must(!head.path.contains('\0') && tocsin::core::is_utf8(head.path));
  must(!(head.path + "/").contains("/./") && !(head.path + "/").contains("/../"));
  must(head.headers.count("Transfer-Encoding") == 0 && head.headers.count("Upgrade") == 0);
  must(head.headers.count("Host") == 1 && head.headers.count("Authorization") <= 1);
  must(head.headers.count("Content-Length") <= 1 && head.content_length <= 9'999'999'999u);
  must(head.headers.count("Content-Length") == 1 || head.content_length == 0);
  must(head.headers.fields().size() <= kFieldLimit);
  for (auto const& [name, value] : head.headers.fields()) {
    must(!name.empty() && !name.contains(' ') && !name.contains(':'));
    for (char c : value) must((c >= 0x20 && c < 0x7F) || c == '\t');
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  std::size_t step = 1 + data[0] % 64;
  std::string_view bytes(reinterpret_cast<char const*>(data) + 1, size - 1);
  HeadScanner::State whole_state{}, cut_state{};
  HeadScanner whole = scan_in_steps(bytes, std::max<std::size_t>(bytes.size(), 1), whole_state);
  HeadScanner cut = scan_in_steps(bytes, step, cut_state);
  must(whole_state == cut_state);
  if (whole_state == HeadScanner::State::hopeless) must(whole.refusal().code == cut.refusal().code);
  if (whole_state != HeadScanner::State::complete) return 0;
  must(whole.length() == cut.length() && whole.length() <= kHeadLimit);
  must(bytes.substr(0, whole.length()).ends_with("\r\n\r\n") || bytes.starts_with("\r\n"));
  Head head;
  if (parse_head(bytes.substr(0, whole.length()), head)) check_accepted(head);
  return 0;
}
