// Whatever Timestamp::parse accepts has a text that parses to the same instant, and its other forms agree with it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/stix/timestamp.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using tocsin::stix::Timestamp;
  std::string_view input(reinterpret_cast<char const*>(data), size);
  auto instant = Timestamp::parse(input);
  if (!instant) {
    require(instant.error().code == tocsin::core::Code::timestamp_invalid && !instant.error().detail.empty());
    return 0;
  }
  require(instant->nanoseconds() >= 0 && instant->nanoseconds() < 1'000'000'000);
  auto text = instant->text();
  require(text.size() >= 24 && text.size() <= 30);
  require(Timestamp::parse(text) == *instant);
  auto floor = Timestamp::from_microseconds(instant->microseconds());
  require(floor <= *instant && Timestamp::parse(instant->text_microseconds()) == floor);
  if (instant->has_key()) require(Timestamp::from_nanoseconds(instant->key()) == *instant);
  return 0;
}
