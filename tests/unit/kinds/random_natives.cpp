#include "tests/unit/kinds/random_natives.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "schema/core/bytes.hpp"
#include "schema/kinds/kinds.hpp"
#include "schema/kinds/native.hpp"
#include "schema/stix/identifier.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::kinds::test {
namespace {

namespace rules = stix::rules;

class Dice {
 public:
  explicit Dice(tocsin::test::Random& chance) : chance_(chance) {}

  std::size_t below(std::size_t most) { return chance_.below(most); }
  bool half() { return below(2) == 0; }

  Json value(rules::Property const& row) {
    if (!row.type.list) return single(row);
    Json out = Json::array();
    for (std::size_t i = 0, count = 1 + below(3); i < count; ++i) out.push_back(single(row));
    return out;
  }

  // What the kind's own forms accept.
  Json of_kind(std::string_view kind) {
    auto const octet = [&] { return std::to_string(below(256)); };
    if (kind == "ip-range") {
      if (half()) return octet() + "." + octet() + "." + octet() + "." + octet() + "/" + std::to_string(below(33));
      return "2001:db8:" + std::to_string(below(9'999)) + "::/" + std::to_string(below(129));
    }
    if (kind == "proxy-asn") return below(4'294'967'296);
    if (kind == "proxy-domain") return "Name" + octet() + ".Example";
    if (kind == "usage-profile")
      return "[llm-usage-profile:account_count > " + octet() + " OR llm-usage-profile:decoy_share < 0." + octet() + "]";
    return word() + (half() ? "%" : "'\\");
  }

 private:
  std::string word() {
    static constexpr std::array kPieces{"a", "Z9", "ä", "\"", "\\", " ", "{}", "\n", "=", "'"};
    std::string out = "w";
    for (std::size_t i = 0, count = below(6); i < count; ++i) out += kPieces[below(kPieces.size())];
    return out;
  }

  std::string hex(std::size_t bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(below(256));
    return core::to_hex(out);
  }

  std::string id(std::string_view type) {
    core::Uuid uuid{};
    for (auto& byte : uuid) byte = static_cast<std::uint8_t>(below(256));
    return stix::Identifier::make(type, uuid).text();
  }

  std::string text(rules::Property const& row) {
    if (row.type.format == nullptr) return word();
    for (std::string const& one : {hex(32), std::string("en"), "mail" + std::to_string(below(9)) + ".example",
                                   std::string("aaa9999"), std::string("Aaaa")})
      if (row.type.format->accepts(one)) return one;
    return word();
  }

  Json single(rules::Property const& row) {
    auto const& type = row.type;
    auto const span = static_cast<std::size_t>(std::min<std::int64_t>(type.high - type.low, 1'000'000));
    switch (type.kind) {
      case rules::Kind::boolean:
        return half();
      case rules::Kind::integer:
        return type.low + static_cast<std::int64_t>(below(span + 1));
      case rules::Kind::number:
        return static_cast<double>(below(span * 64 + 1)) / 64 + (type.low > rules::kLowest ? 0.0 : 0.5);
      case rules::Kind::timestamp:
        return stix::Timestamp::from_microseconds(static_cast<std::int64_t>(below(2'000'000'000)) * 1'000'000 +
                                                  static_cast<std::int64_t>(below(1'000'000)))
            .text();
      case rules::Kind::reference:
        return id(type.targets->types.front());
      case rules::Kind::word:
        return std::string(type.words->values[below(type.words->values.size())]);
      case rules::Kind::structure: {
        Json out = Json::object();
        for (auto const& inner : type.shape->properties) out[std::string(inner.name)] = value(inner);
        return out;
      }
      default:
        return text(row);
    }
  }

  tocsin::test::Random& chance_;
};

}  // namespace

Json random_native(Kind const& kind, tocsin::test::Random& chance) {
  Dice dice(chance);
  for (;;) {
    Json out{{"kind", kind.name}};
    for (auto const& row : native_type(kind).shape.properties) {
      if (row.name == "kind" || (row.need != rules::Need::required && dice.half())) continue;
      out[std::string(row.name)] = place_of(kind, row.name) == Place::value ? dice.of_kind(kind.name) : dice.value(row);
    }
    if (auto const reading = read_native(out)) return out;
    // What random choices contradict: an order of timestamps, a level below the floor, a class that is missing.
  }
}

}  // namespace tocsin::kinds::test
