#include "schema/core/digest.hpp"

#include <algorithm>
#include <array>

#include "tests/support/catch.hpp"

namespace tocsin::core {
namespace {

std::string hex(Digest const& digest) { return to_hex(view(digest)); }

std::string hmac(std::string_view key, std::string_view data) { return hex(hmac_sha256(key, std::array{data})); }

TEST_CASE("SHA-256 agrees with the vectors of FIPS 180-4", "[core][digest]") {
  CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("hashing in pieces is hashing the whole, and the hash is ready for the next message", "[core][digest]") {
  Sha256 hash;
  for (int i = 0; i < 1'000'000; i += 1000) hash.update(std::string(1000, 'a'));
  CHECK(hex(hash.finish()) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  CHECK(hash.update("a").update("").update("bc").finish() == sha256("abc"));
  CHECK(hash.finish() == sha256(""));
}

TEST_CASE("HMAC-SHA-256 agrees with the vectors of RFC 4231", "[core][digest]") {
  CHECK(hmac(std::string(20, '\x0b'), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hmac("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hmac(std::string(20, '\xaa'), std::string(50, '\xdd')) ==
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  CHECK(hmac(*from_hex("0102030405060708090a0b0c0d0e0f10111213141516171819"), std::string(50, '\xcd')) ==
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  CHECK(hmac(std::string(20, '\x0c'), "Test With Truncation").starts_with("a3b6167473100ee06e0c796c2955552b"));
  CHECK(hmac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK(hmac(std::string(131, '\xaa'),
             "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
             "hashed before being used by the HMAC algorithm.") ==
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST_CASE("HMAC of parts is HMAC of their concatenation", "[core][digest]") {
  std::array<std::string_view, 3> parts{"what do ya ", "", "want for nothing?"};
  CHECK(hex(hmac_sha256("Jefe", parts)) == hmac("Jefe", "what do ya want for nothing?"));
}

TEST_CASE("random values differ and UUIDs are of version 4", "[core][digest]") {
  CHECK(random_salt() != random_salt());
  for (int i = 0; i < 64; ++i) {
    auto uuid = random_uuid();
    CHECK(uuid[6] >> 4 == 4);
    CHECK(uuid[8] >> 6 == 2);
    CHECK(uuid != random_uuid());
  }
}

TEST_CASE("a time-ordered UUID begins with its millisecond and says that it is of version 7", "[core][digest]") {
  auto early = time_ordered_uuid(1'772'359'200'123'456), late = time_ordered_uuid(1'772'359'200'124'000);
  CHECK(early < late);
  CHECK(to_hex(view(early)).substr(0, 12) == "019ca8d72d7b");
  CHECK(to_text(early)[14] == '7');
  CHECK(std::string("89ab").find(to_text(early)[19]) != std::string::npos);
  CHECK(time_ordered_uuid(1'772'359'200'123'456) != early);
}

}  // namespace
}  // namespace tocsin::core
