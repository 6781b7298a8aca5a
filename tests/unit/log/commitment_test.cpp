#include "schema/log/commitment.hpp"

#include "schema/log/hash.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/log/vectors.hpp"

namespace tocsin::log {
namespace {

core::Salt counting_from(std::uint8_t first) {
  core::Salt salt;
  for (std::uint8_t i = 0; i < salt.size(); ++i) salt[i] = static_cast<std::uint8_t>(first + i);
  return salt;
}

constexpr std::string_view kHeader = R"({"op":"put","seq":0})";
constexpr std::string_view kBody = R"({"id":"indicator--00000000-0000-4000-8000-000000000000","type":"indicator"})";

TEST_CASE("commitments, entry and leaf are those of the published vector", "[log][commitment]") {
  auto const header = commit_header(counting_from(0x00), kHeader), body = commit_body(counting_from(0x20), kBody);
  CHECK(test::hex(header) == "d153bd082caf726eca5d7d3d357775f30c2ed53cfcd8362a4ab9e5e1add066d4");
  CHECK(test::hex(body) == "1d481d2b6d24d4021752202f7a37f56ff4b1fef0d634468f47e172371ee05656");
  Entry const logged = entry(header, body);
  CHECK(core::to_hex(core::view(logged)) == "01a813295d8d9e9df2c3dff3dddd1e66c5817b388a505a8eec150560f587d78e13");
  CHECK(test::hex(leaf(logged)) == "062c8fa966202a0d496583f2f520696c44ef879c133c4d57b11d65d85119eba1");
}

TEST_CASE("sealing is committing to the header's text and joining the commitments", "[log][commitment]") {
  Header const header{"peer-a.example.org/log", core::Uuid{1, 2, 3}, 7, 42};
  auto const body = commit_body(counting_from(0x20), kBody);
  auto const sealed = seal(counting_from(0x00), header, body);
  CHECK(sealed.header == header.text());
  CHECK(sealed.entry == entry(commit_header(counting_from(0x00), header.text()), body));
  CHECK(sealed.leaf == leaf_hash(core::view(sealed.entry)));
}

TEST_CASE("every part of an opening counts", "[log][commitment]") {
  Header const header{"peer-a.example.org/log", core::Uuid{1, 2, 3}, 7, 42};
  auto const leaf_of = [](core::Salt const& header_salt, Header const& opened, core::Salt const& body_salt,
                          std::string_view body) {
    return seal(header_salt, opened, commit_body(body_salt, body)).leaf;
  };
  core::Salt const a = counting_from(0), b = counting_from(1);
  auto const leaf_shown = leaf_of(a, header, b, kBody);
  CHECK(leaf_of(a, header, b, kBody) == leaf_shown);
  CHECK(leaf_of(b, header, b, kBody) != leaf_shown);
  CHECK(leaf_of(a, header, a, kBody) != leaf_shown);
  CHECK(leaf_of(a, header, b, kHeader) != leaf_shown);
  for (Header const& other :
       {Header{"peer-b.example.org/log", header.class_token, 7, 42}, Header{header.origin, {}, 7, 42},
        Header{header.origin, header.class_token, 8, 42}, Header{header.origin, header.class_token, 7, 43}})
    CHECK(leaf_of(a, other, b, kBody) != leaf_shown);
}

TEST_CASE("a header's commitment is no body's, and the order in an entry counts", "[log][commitment]") {
  core::Salt const salt = counting_from(0);
  auto const header = commit_header(salt, kBody), body = commit_body(salt, kBody);
  CHECK(header != body);
  CHECK(entry(header, body) != entry(body, header));
}

}  // namespace
}  // namespace tocsin::log
