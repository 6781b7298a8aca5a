#include "server/stream/place.hpp"

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;

TEST_CASE("a place leads back to where it was made for", "[stream]") {
  catalog::CursorCodec const cursors(core::sha256("key"));
  for (std::int64_t sequence : {std::int64_t{0}, std::int64_t{1}, std::int64_t{1} << 40}) {
    CHECK(stream::open_place(cursors, stream::place_behind(cursors, sequence)) == sequence);
    CHECK(stream::open_place(cursors, stream::place_at_end(cursors, sequence)) == sequence);
  }
}

TEST_CASE("places are equally long, and only those of the same publication are equal", "[stream]") {
  catalog::CursorCodec const cursors(core::sha256("key"));
  auto place = stream::place_behind(cursors, 7);
  CHECK(stream::place_behind(cursors, 7) == place);
  CHECK(stream::place_behind(cursors, 8) != place);
  auto end = stream::place_at_end(cursors, 7);
  CHECK(end != place);
  CHECK(stream::place_at_end(cursors, 7) != end);
  CHECK(end.size() == place.size());
  CHECK(stream::place_behind(cursors, std::int64_t{1} << 60).size() == place.size());
}

TEST_CASE("what is no place of this instance opens nothing", "[stream]") {
  catalog::CursorCodec const cursors(core::sha256("key")), others(core::sha256("other"));
  CHECK_FALSE(stream::open_place(cursors, ""));
  CHECK_FALSE(stream::open_place(cursors, "AAAA"));
  CHECK_FALSE(stream::open_place(cursors, stream::place_behind(others, 7)));
  CHECK_FALSE(stream::open_place(cursors, cursors.seal({1, 7, ""})));
  CHECK_FALSE(stream::open_place(cursors, cursors.seal({0, 7, ""})));
}
