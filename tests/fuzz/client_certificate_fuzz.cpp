// Certificates of clients as DER: whatever is read has names of visible ASCII, each once and few, reads the same again,
// and as a name that a credential may ask for stands for itself.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "server/access/certificate.hpp"
#include "server/http/client_certificate.hpp"

namespace {

using namespace tocsin;

void must(bool holds) {
  if (!holds) std::abort();
}

void check_name(std::string const& name) {
  auto visible = [](char c) { return c > 0x20 && c < 0x7F; };
  must(name.starts_with("URI:") || name.starts_with("DNS:"));
  must(name.size() > 4 && name.size() <= 516 && std::ranges::all_of(name, visible));
  auto asked = access::parse_certificate_name(name);
  if (asked) must(*asked == name);
  must(asked || name.starts_with("DNS:"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const der(reinterpret_cast<char const*>(data), size);
  auto const read = http::read_client_certificate(der);
  if (!read) {
    must(read.error().code == core::Code::tls_failed);
    return 0;
  }
  must(read->names.size() <= 32);
  for (auto const& name : read->names) {
    check_name(name);
    must(std::ranges::count(read->names, name) == 1);
  }
  auto const again = http::read_client_certificate(der);
  must(again && again->pin == read->pin && again->names == read->names && again->ends_us == read->ends_us);
  must(access::parse_pin(core::to_hex(core::view(read->pin))).value() == read->pin);
  return 0;
}
