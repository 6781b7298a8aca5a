#include "server/admission/harm/allow_lists.hpp"

#include "server/admission/harm/allow_list_registry.hpp"
#include "server/admission/harm/list_file.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using admission::harm::AllowListRegistry;
using admission::harm::entry_text;
using admission::harm::parse_list_file;
using store::AllowKind;
using store::AllowList;
using Texts = std::vector<std::string>;

namespace {

// A store that keeps what it is told.
class Kept final : public store::AllowListStore {
 public:
  core::Result<std::vector<AllowList>> lists() override {
    if (broken) return core::fail(core::Code::storage_failed, "The disk is gone.");
    return rows;
  }
  core::Result<Change> write(AllowList const& list, bool, std::size_t) override {
    if (full) return core::fail(core::Code::storage_failed, "The disk is full.");
    rows.push_back(list);
    return Change{list.entries.size(), 0};
  }
  core::Result<Change> remove(std::string const&, Texts const& entries, std::int64_t) override {
    removed = entries;
    rows.clear();
    return Change{0, 1};
  }
  std::vector<AllowList> rows;
  Texts removed;
  bool broken = false;  // reading fails
  bool full = false;    // writing fails
};

}  // namespace

TEST_CASE("an entry has one text, however it was written", "[admission][allow-lists]") {
  CHECK(entry_text(AllowKind::ranges, "FE80::/10") == "fe80::/10");
  CHECK(entry_text(AllowKind::ranges, "112.196.99.180/32") == "112.196.99.180");
  CHECK(entry_text(AllowKind::ranges, "9.9.9.7/24") == "9.9.9.0/24");
  CHECK(entry_text(AllowKind::ranges, "as0015169") == "AS15169");
  CHECK(entry_text(AllowKind::domains, ".Mail.Example.") == "mail.example");
  for (char const* text : {"", "AS", "AS4294967296", "9.9.9.0/33", "mail.example", "0.0.0.0/0", "::/0"})
    CHECK_FALSE(entry_text(AllowKind::ranges, text).has_value());
  for (char const* text : {"", ".", "a b", "9.9.9.9", "a..b", "b\xC3\xBC.example"})
    CHECK_FALSE(entry_text(AllowKind::mail, text).has_value());
}

TEST_CASE("a warning list of MISP is read with what it is of", "[admission][allow-lists]") {
  auto const ranges = parse_list_file(R"({"name":"x","type":"cidr","version":3,"list":["9.9.9.0/24","2a00::/32"]})");
  REQUIRE(ranges.has_value());
  CHECK(ranges->kind == "ranges");
  CHECK(ranges->entries == Texts{"9.9.9.0/24", "2a00::/32"});
  CHECK(parse_list_file(R"(  {"type":"hostname","list":[".a.example"]})")->kind == "domains");
  for (char const* text :
       {"{", "{}", R"({"type":"cidr"})", R"({"type":"regex","list":["."]})", R"({"type":"cidr","list":[]})",
        R"({"type":"cidr","list":[1]})", R"({"type":"cidr","list":{}})"}) {
    INFO(text);
    auto const refused = parse_list_file(text);
    REQUIRE_FALSE(refused.has_value());
    CHECK_FALSE(refused.error().detail.empty());
  }
}

TEST_CASE("lines are read up to the first blank, and comments are passed over", "[admission][allow-lists]") {
  auto const numbers = parse_list_file("# clouds\nAS45090 # one\r\n\n  AS3223,VOXILITY\n");
  REQUIRE(numbers.has_value());
  CHECK(numbers->kind == "ranges");
  CHECK(numbers->entries == Texts{"AS45090", "AS3223"});
  CHECK(parse_list_file("mail.example\n")->kind == "domains");
  CHECK_FALSE(parse_list_file("# nothing\n\n").has_value());
}

TEST_CASE("a change is in force when it returns, and a list keeps its kind", "[admission][allow-lists]") {
  Kept store;
  AllowListRegistry registry(store);
  auto const before = registry.current();
  auto const list = registry.parse("mails", "mail", {"Mail.Example", "mail.example"});
  REQUIRE(list.has_value());
  CHECK(list->entries == Texts{"mail.example"});
  REQUIRE(registry.write(*list, false).has_value());
  CHECK(registry.current() != before);
  CHECK(registry.current()->of_mail({"a.mail.example"}).size() == 1);
  CHECK(before->of_mail({"a.mail.example"}).empty());
  CHECK(registry.parse("mails", "", {"other.example"})->kind == AllowKind::mail);
  CHECK(registry.summaries().at(0).entries == 1);
  REQUIRE(registry.remove("mails", {"MAIL.example"}, 1).has_value());
  CHECK(store.removed == Texts{"mail.example"});
  CHECK(registry.current()->of_mail({"a.mail.example"}).empty());
}

TEST_CASE(
    "a change that the store does not take, or that cannot be read again, is an error, and nothing else is in force",
    "[admission][allow-lists]") {
  for (bool reading : {false, true}) {
    Kept store;
    AllowListRegistry registry(store);
    auto const before = registry.current();
    (reading ? store.broken : store.full) = true;
    auto const done = registry.write({"clouds", AllowKind::ranges, 0, {"AS7"}}, false);
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().code == core::Code::storage_failed);
    CHECK(registry.load().has_value() == !reading);
    if (reading) CHECK(registry.current() == before);
    CHECK(registry.summaries().empty());
  }
}

TEST_CASE("a list that cannot be is refused with its place", "[admission][allow-lists]") {
  Kept store;
  AllowListRegistry const registry(store);
  CHECK(registry.parse("a b", "", {"AS7"}).error().pointer == "/name");
  CHECK(registry.parse("a", "asn", {"AS7"}).error().pointer == "/kind");
  CHECK(registry.parse("a", "", {}).error().pointer == "/entries");
  auto const wrong = registry.parse("a", "ranges", {"AS7", "mail.example"}).error();
  CHECK(wrong.pointer == "/entries/1");
  CHECK(wrong.detail.starts_with("Entry 2: "));
}

TEST_CASE("a file is read as the kind that is asked for, whole lines of names and prompts",
          "[admission][allow-lists]") {
  auto const names = parse_list_file("# labs\nAurora Research\r\n \t\n{Borealis}\n", "organisations");
  REQUIRE(names.has_value());
  CHECK(names->kind == "organisations");
  CHECK(names->entries == Texts{"Aurora Research", "{Borealis}"});
  CHECK(parse_list_file("Write a poem, please\n", "prompts")->entries == Texts{"Write a poem, please"});
  auto const mail = parse_list_file("mail.example and more\n", "mail");
  REQUIRE(mail.has_value());
  CHECK(mail->kind == "mail");
  CHECK(mail->entries == Texts{"mail.example"});
  CHECK(parse_list_file("9.9.9.0/24\n", "")->kind == "ranges");
  for (char const* kind : {"organisations", "prompts", "mail", ""}) {
    INFO(kind);
    CHECK_FALSE(parse_list_file("\xFF\n", kind).has_value());
    CHECK_FALSE(parse_list_file("# nothing\n", kind).has_value());
  }
}

TEST_CASE("a file that is no text, or JSON that ends too early, is refused for what it is",
          "[admission][allow-lists]") {
  CHECK(parse_list_file("\xFF").error().detail == "The file is no text in UTF-8.");
  CHECK(parse_list_file("{\"type\":").error().code == core::Code::json_syntax);
  CHECK(parse_list_file(" \t\r\n").error().detail == "The file has no entry.");
  CHECK(parse_list_file(R"({"type":5,"list":["a.example"]})").error().detail == "The JSON is no warning list.");
  CHECK(parse_list_file(R"({"list":["a.example"]})").error().detail == "The JSON is no warning list.");
  CHECK(parse_list_file(R"({"type":"string","list":["a.example"]})")->entries == Texts{"a.example"});
  CHECK(parse_list_file(R"({"type":"substring","list":["a.example"]})")->kind == "domains");
}

TEST_CASE("a list has a name of up to 60 plain characters", "[admission][allow-lists]") {
  Kept store;
  AllowListRegistry const registry(store);
  for (std::string name : {std::string(60, 'a'), std::string("azAZ09-_.")})
    CHECK(registry.parse(name, "", {"AS7"}).has_value());
  for (std::string name : {std::string(), std::string(61, 'a'), std::string("a/b"), std::string("a:"),
                           std::string("a@"), std::string("a["), std::string("a`"), std::string("a{")})
    CHECK(registry.parse(name, "", {"AS7"}).error().pointer == "/name");
}

TEST_CASE("a list of prompts takes so many at a time, and others take more", "[admission][allow-lists]") {
  Kept store;
  AllowListRegistry const registry(store);
  Texts const most(20'000, "one two three four five six seven");
  CHECK(registry.parse("p", "prompts", most).has_value());
  auto more = most;
  more.push_back(most[0]);
  CHECK(registry.parse("p", "prompts", more).error().pointer == "/entries");
  CHECK(registry.parse("r", "ranges", Texts(20'001, "AS7")).value().entries == Texts{"AS7"});
}

TEST_CASE("an organisation is named in one to six words", "[admission][allow-lists]") {
  CHECK(entry_text(AllowKind::organisations, "The A of B, and C").has_value());
  CHECK_FALSE(entry_text(AllowKind::organisations, "The A of B and C too").has_value());
  CHECK_FALSE(entry_text(AllowKind::organisations, " - ").has_value());
}

TEST_CASE("an entry that is none is not taken out of a list", "[admission][allow-lists]") {
  Kept store;
  AllowListRegistry registry(store);
  CHECK_FALSE(registry.remove("new", {"mail.example"}, 1).has_value());
  CHECK(store.removed.empty());
}
