#include "server/access/coverage.hpp"

#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/randomness.hpp"

using namespace tocsin::access;

namespace {

Network net(std::string const& text) { return Network::around(text).value(); }

}  // namespace

TEST_CASE("how many addresses are covered is right in either direction", "[access][coverage]") {
  Coverage const some({net("9.9.9.0/24"), net("9.9.9.128/25"), net("9.9.11.0/24"), net("2a00::/32"), net("9.9.9.0/24")},
                      {7, 3});
  CHECK(text_of(some.of(net("9.9.9.0/24"))) == "256");
  CHECK(text_of(some.of(net("9.9.9.200"))) == "1");
  CHECK(text_of(some.of(net("9.9.8.0/22"))) == "512");
  CHECK(text_of(some.of(net("0.0.0.0/0"))) == "512");
  CHECK(text_of(some.of(net("9.9.10.0/24"))) == "0");
  CHECK(text_of(some.of(net("2a00:1::/32"))) == "0");
  CHECK(text_of(some.of(net("2a00::/16"))) == "2^96");
  CHECK(some.has(3));
  CHECK_FALSE(some.has(4));
  CHECK(Coverage().of(net("9.9.9.9")) == 0);
}

TEST_CASE("large counts of addresses are told by their powers", "[access][coverage]") {
  CHECK(text_of(0) == "0");
  CHECK(text_of(999) == "999");
  CHECK(text_of(1'000) == "1,000");
  CHECK(text_of(1'048'576) == "1,048,576");
  CHECK(text_of(addresses_in(net("0.0.0.0/0"))) == "2^32");
  CHECK(text_of((Addresses{1} << 80) + 1) == "about 2^80");
  CHECK(text_of(999'999'999) == "999,999,999");
  CHECK(text_of(1'000'000'000) == "about 2^29");
}

TEST_CASE("random networks are covered as counting address by address says", "[access][coverage][random]") {
  tocsin::test::Random random;
  auto const pick = [&] {
    auto const length = 20 + random.below(13);
    auto const low = random.below(4096);  // of 9.9.0.0/20
    return net("9.9." + std::to_string(low / 256) + "." + std::to_string(low % 256) + "/" + std::to_string(length));
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<Network> list;
    for (std::size_t i = random.below(12); i > 0; --i) list.push_back(pick());
    Coverage const covered(list, {});
    auto const asked = pick();
    unsigned expected = 0;
    for (unsigned low = 0; low < 4096; ++low) {
      auto const address = parse_address("9.9." + std::to_string(low / 256) + "." + std::to_string(low % 256)).value();
      bool in_list = false;
      for (auto const& one : list) in_list |= one.contains(address);
      expected += asked.contains(address) && in_list ? 1 : 0;
    }
    CHECK(covered.of(asked) == expected);
  }
}
