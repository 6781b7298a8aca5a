#include "server/access/directory.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/access/world.hpp"

using namespace tocsin;
using access::NewCredential;
using stix::Tlp;
using test::AccessWorld;

namespace {

access::View const& view(AccessWorld& world, std::string const& token) { return *world.session(token).view; }

NewCredential wanted(std::string const& organisation, std::string const& role) {
  NewCredential out;
  out.organisation = organisation;
  out.roles = {role};
  return out;
}

}  // namespace

TEST_CASE("a view holds the classes that its reader sees and of the others those it has published itself",
          "[access][directory]") {
  AccessWorld world;
  auto lab = world.organisation("lab").row;
  auto green = world.intern({Tlp::green, false}, lab), red = world.intern({Tlp::red, false}, lab);
  auto strict = world.intern({Tlp::amber_strict, false}), unknown = world.intern({Tlp::clear, true}, lab);
  auto token = world.token("lab", "analyst");
  auto const& window = view(world, token).window;
  CHECK(window.asserter == lab);
  CHECK(window.visible.contains(green));
  CHECK_FALSE(window.own.contains(green));
  for (auto own : {red, unknown}) {
    CHECK_FALSE(window.visible.contains(own));
    CHECK(window.own.contains(own));
  }
  CHECK_FALSE(window.visible.contains(strict));
  CHECK_FALSE(window.own.contains(strict));
}

TEST_CASE("a class that is about to be committed is known, and forgotten when it was not", "[access][directory]") {
  AccessWorld world;
  auto const lab = world.organisation("lab").row;
  auto const token = world.token("lab", "analyst");
  auto const key = access::class_key({Tlp::green, false});
  auto const before = world.registry.current();
  world.registry.learn({{7, key}}, {});
  CHECK(view(world, token).window.visible.contains(7));
  world.registry.unlearn();
  CHECK(world.registry.current() == before);
  world.registry.learn({{7, access::class_key({Tlp::red, false})}}, {{1, 7, lab, 1}});
  CHECK_FALSE(view(world, token).window.visible.contains(7));
  CHECK(view(world, token).window.own.contains(7));
  world.registry.learn({}, {});
  world.registry.unlearn();  // of a commit that brought no class
  CHECK(view(world, token).window.own.contains(7));
}

TEST_CASE("a submitter sees classes of its own organisation only", "[access][directory]") {
  AccessWorld world;
  auto lab = world.organisation("lab").row;
  auto clear = world.intern({Tlp::clear, false}, lab), green = world.intern({Tlp::green, false});
  auto const& window = view(world, world.token("lab", "submitter")).window;
  CHECK(window.visible.empty());
  CHECK(window.own.contains(clear));
  CHECK_FALSE(window.own.contains(green));
}

TEST_CASE("the highest level of a credential binds its organisation's own objects too", "[access][directory]") {
  AccessWorld world;
  auto lab = world.organisation("lab", "lab", "red").row;
  auto green = world.intern({Tlp::green, false}, lab), amber = world.intern({Tlp::amber, false}, lab);
  auto limited = wanted("lab", "analyst");
  limited.max_tlp = "green";
  auto const& window = view(world, world.token(limited)).window;
  CHECK(window.visible.contains(green));
  CHECK_FALSE(window.visible.contains(amber));
  CHECK_FALSE(window.own.contains(amber));
  // A limit above the clearance raises nothing.
  world.organisation("cloud", "cloud", "green");
  limited = wanted("cloud", "analyst");
  limited.max_tlp = "red";
  CHECK_FALSE(view(world, world.token(limited)).window.visible.contains(amber));
}

TEST_CASE("a class with a key that is not understood is nobody's", "[access][directory]") {
  AccessWorld world;
  auto lab = world.organisation("lab", "lab", "red").row;
  world.accounts.class_rows.push_back({9, R"({"level":"clear","unknown":false,"new":1})"});
  world.accounts.corners.push_back({1, 9, lab, 1});
  world.reload();
  auto const& window = view(world, world.token("lab", "analyst")).window;
  CHECK_FALSE(window.visible.contains(9));
  CHECK_FALSE(window.own.contains(9));
}

TEST_CASE("views that see the same have one fingerprint and others do not", "[access][directory]") {
  AccessWorld world;
  auto lab = world.organisation("lab").row;
  world.organisation("twin");
  world.organisation("higher", "lab", "red");
  world.organisation("state", "government");
  world.intern({Tlp::green, false}, lab);
  world.intern({Tlp::amber, false}, lab);
  auto analyst = world.token("lab", "analyst"), other = world.token("twin", "feed"),
       state = world.token("state", "liaison");
  auto kinds = wanted("lab", "analyst"), low = wanted("lab", "analyst");
  kinds.kinds = {"ip-range"};
  low.max_tlp = "green";
  auto kinds_token = world.token(kinds), low_token = world.token(low);
  auto print = [&](std::string const& token) { return view(world, token).fingerprint; };
  CHECK(print(analyst) == print(other));
  CHECK(print(low_token) == print(state));  // the level, not who asks
  CHECK(print(analyst) != print(low_token));
  CHECK(print(analyst) != print(kinds_token));
  // With something of its own that others do not see, the organisation counts.
  world.intern({Tlp::red, false}, lab);
  CHECK(print(analyst) != print(other));
}

TEST_CASE("fingerprints tell organisations apart that have hidden objects of one class", "[access][directory]") {
  AccessWorld world;
  auto lab = world.organisation("lab").row, cloud = world.organisation("cloud").row;
  auto red = world.intern({Tlp::red, false}, lab);
  world.accounts.corners.push_back({1, red, cloud, 1});
  world.reload();
  auto lab_print = view(world, world.token("lab", "analyst")).fingerprint;
  CHECK(lab_print != view(world, world.token("cloud", "analyst")).fingerprint);
}

TEST_CASE("organisations are found by name and identity in any case", "[access][directory]") {
  AccessWorld world;
  auto lab = world.organisation("The Lab");
  auto directory = world.registry.current();
  REQUIRE(directory->organisation(std::string_view("the lab")) != nullptr);
  CHECK(directory->organisation(std::string_view("the lab"))->row == lab.row);
  CHECK(directory->organisation(lab.row)->name == "The Lab");
  std::string upper = lab.identity;
  for (std::size_t i = 10; i < upper.size(); ++i)
    if (upper[i] >= 'a' && upper[i] <= 'f') upper[i] = static_cast<char>(upper[i] - 32);
  REQUIRE(directory->owner_of_identity(upper) != nullptr);
  CHECK(directory->owner_of_identity(upper)->row == lab.row);
  CHECK(directory->organisation(std::string_view("the labs")) == nullptr);
  auto const whole_alphabet = world.organisation("AZ @[").row;
  directory = world.registry.current();
  CHECK(directory->organisation(std::string_view("az @["))->row == whole_alphabet);
  for (char const* other : {"az `[", "az @{"}) CHECK(directory->organisation(std::string_view(other)) == nullptr);
  CHECK(directory->owner_of_identity("identity--11111111-1111-4111-8111-111111111111") == nullptr);
}

TEST_CASE("a collection is found by id and alias and not by a credential that may not know of it",
          "[access][directory]") {
  AccessWorld world;
  world.organisation("lab");
  auto one = world.collection("Number One"), two = world.collection("two");
  auto limited = wanted("lab", "feed");
  limited.collections = {"number-one"};
  auto const limited_view = view(world, world.token(limited)), whole_view = view(world, world.token("lab", "feed"));
  auto directory = world.registry.current();
  for (auto const& text : {one.id, one.alias}) {
    CHECK(directory->collection(text, limited_view)->id == one.id);
    CHECK(directory->collection(text, whole_view)->id == one.id);
  }
  for (auto const& text : {two.id, two.alias}) {
    CHECK(directory->collection(text, limited_view) == nullptr);
    CHECK(directory->collection(text, whole_view)->id == two.id);
  }
  CHECK(directory->collection("three", whole_view) == nullptr);
}

TEST_CASE("a credential whose networks are not understood allows nobody", "[access][directory]") {
  AccessWorld world;
  store::Credential broken;
  broken.organisation = world.organisation("lab").row;
  broken.token_id = "0123456789abcdef";
  broken.networks = {"203.0.113.0/24", "somewhere"};
  REQUIRE(world.accounts.add(broken).has_value());
  broken.token_id = "fedcba9876543210";
  broken.networks.clear();
  broken.organisation = 99;  // there is no such organisation
  REQUIRE(world.accounts.add(broken).has_value());
  world.reload();
  auto directory = world.registry.current();
  CHECK(directory->session("0123456789abcdef")->disabled);
  CHECK(directory->session("fedcba9876543210")->disabled);
}

TEST_CASE("a class was open to who belonged to its audiences at their epochs, and to its own party",
          "[access][directory]") {
  AccessWorld world;
  constexpr core::Uuid kRing{1};
  auto const lab = world.organisation("lab").row, cloud = world.organisation("cloud").row;
  store::Audience ring;
  ring.group = kRing;
  ring.name = "ring";
  auto const row = world.accounts.add(ring, {lab, cloud}).value();  // since the epoch 1
  REQUIRE(world.accounts.remove_member(row, cloud).has_value());    // until the epoch 2
  auto const at = [&](std::int64_t epoch) { return world.intern({Tlp::amber, false, {{kRing, epoch}}}); };
  auto const before = at(0), first = at(1), second = at(2);
  auto const plain = world.intern({Tlp::amber, false}), strict = world.intern({Tlp::amber_strict, false}),
             unknown = world.intern({Tlp::clear, true}),
             elsewhere = world.intern({Tlp::amber, false, {{core::Uuid{2}, 1}}});
  auto const directory = world.registry.current();
  auto const open = [&](store::RowId party, store::RowId of) { return directory->was_open_to(party, of); };
  for (auto const party : {lab, cloud}) {
    CHECK_FALSE(open(party, before));
    CHECK(open(party, first));
    CHECK(open(party, plain));
    for (auto const nobody : {strict, unknown, elsewhere, store::RowId{99}}) CHECK_FALSE(open(party, nobody));
  }
  CHECK(open(lab, second));
  CHECK_FALSE(open(cloud, second));
  for (auto const of : {before, first, second, plain, elsewhere}) CHECK(open(0, of));
  for (auto const nobody : {strict, unknown, store::RowId{99}}) CHECK_FALSE(open(0, nobody));
}

TEST_CASE("each change of what is known has a later epoch", "[access][directory]") {
  AccessWorld world;
  auto const first = world.registry.current()->epoch();
  world.registry.learn({{5, access::class_key({Tlp::green, false})}}, {});
  auto const second = world.registry.current()->epoch();
  world.reload();
  CHECK(first < second);
  CHECK(second < world.registry.current()->epoch());
}
