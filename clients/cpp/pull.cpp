#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/envelope_split.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/object_writer.hpp"
#include "clients/cpp/target.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::client {
namespace {

std::string joined(std::vector<std::string> const& parts) {
  std::string out;
  for (auto const& part : parts) out += (out.empty() ? "" : ",") + part;
  return out;
}

// Where the next pull goes on after one that found nothing and began nowhere: no later moment is sure to miss nothing.
constexpr auto kBeginning = "1970-01-01T00:00:00Z";

// A date stands for its beginning.
Outcome<std::string> parse_since(std::string const& text) {
  auto const full = text.contains('T') ? text : text + "T00:00:00Z";
  if (!stix::Timestamp::parse(full)) {
    return fail(Exit::local, "--since is neither a date nor a timestamp.",
                "Write 2026-01-31 or 2026-01-31T23:59:59.5Z.");
  }
  return full;
}

std::unexpected<Failure> unwritable() {
  return fail(Exit::local, "The output cannot be written.",
              "Check that there is room where it goes, and that nothing closed it.");
}

class Pull {
 public:
  Pull(Session& session, PullOptions const& options, std::optional<std::string> since, std::ostream& out,
       ObjectWriter& writer)
      : session_(session), options_(options), since_(std::move(since)), out_(out), writer_(writer) {}

  // date_added grows over the whole server, so the latest one pulled is where the next pull goes on, if no collection
  // has an unseen object dated before it. While one collection was read another may have got such an object: hence the
  // second look at each, from its own last object on.
  Outcome<void> run(std::string const& root, std::vector<Collection> const& collections) {
    std::vector<std::optional<std::string>> seen_until;
    for (auto const& collection : collections) {
      auto last = one(root, collection, since_);
      if (!last) return std::unexpected(std::move(last.error()));
      if (*last && (!cursor_ || **last > *cursor_)) cursor_ = **last;
      seen_until.push_back(*last ? (*last)->text_microseconds() : since_);
    }
    for (std::size_t i = 0; i < collections.size() && collections.size() > 1 && cursor_; ++i) {
      auto last = one(root, collections[i], seen_until[i]);
      if (!last) return std::unexpected(std::move(last.error()));
    }
    return {};
  }

  // Where the next pull goes on; nothing when this one was cut short by --limit, or the server does not date its pages.
  [[nodiscard]] std::optional<std::string> cursor() const {
    if (full() || undated_) return std::nullopt;
    return cursor_ ? cursor_->text_microseconds() : since_.value_or(kBeginning);
  }

 private:
  [[nodiscard]] bool full() const { return options_.limit && writer_.count() >= *options_.limit; }

  [[nodiscard]] std::string target(std::string const& root, Collection const& collection,
                                   std::optional<std::string> const& after, std::string const& next) const {
    constexpr std::size_t kUsualPage = 1'000;
    Target out(root + "collections/" + encoded(collection.id) + "/objects/");
    if (after) out.with("added_after", *after);
    if (!options_.types.empty()) out.with("match[type]", joined(options_.types));
    if (!options_.ids.empty()) out.with("match[id]", joined(options_.ids));
    if (options_.all_versions) out.with("match[version]", "all");
    if (options_.limit && *options_.limit - writer_.count() < kUsualPage) {
      out.with("limit", std::to_string(*options_.limit - writer_.count()));
    }
    if (!next.empty()) out.with("next", next);
    return out.text();
  }

  // Writes the collection's pages. Returns when the last object was added; nothing when there was none.
  Outcome<std::optional<stix::Timestamp>> one(std::string const& root, Collection const& collection,
                                              std::optional<std::string> const& after) {
    std::optional<stix::Timestamp> last;
    std::string next;
    while (!full()) {
      auto response = session_.get(target(root, collection, after, next));
      if (!response) return std::unexpected(std::move(response.error()));
      auto page = split_envelope(response->body);
      if (!page) return fail(Exit::server, std::move(page.error()), kWhichServer);
      for (auto object : page->objects) {
        if (!full()) writer_.write(object);
      }
      if (!out_) return unwritable();
      if (!page->objects.empty()) {
        auto stamp = stix::Timestamp::parse(response->header("X-TAXII-Date-Added-Last").value_or(""));
        undated_ = undated_ || !stamp;
        if (stamp) last = *stamp;
      }
      if (!page->more) break;
      if (page->next.empty() || page->next == next) {
        return fail(Exit::server, "The server says that there is more, but not where: the pull is incomplete.",
                    kWhichServer);
      }
      next = std::move(page->next);
    }
    return last;
  }

  Session& session_;
  PullOptions const& options_;
  std::optional<std::string> since_;
  std::ostream& out_;
  ObjectWriter& writer_;
  std::optional<stix::Timestamp> cursor_;
  bool undated_ = false;
};

// What is empty when all of it is: where the server tells, as a Tocsin does.
void say_what_is_seen(Session& session, Console& console) {
  auto me = session.get_json("/api/v1/me", kJson);
  if (!me) return;
  if (auto const sees = text_or(*me, "sees"); !sees.empty())
    console.err << "What there is to see for you: " << printable(sees) << '\n';
}

Outcome<Exit> pull_into(Session& session, Console& console, PullOptions const& options,
                        std::optional<std::string> since, std::ostream& out) {
  auto root = session.root();
  if (!root) return std::unexpected(std::move(root.error()));
  auto collections = session.readable(options.collection);
  if (!collections) return std::unexpected(std::move(collections.error()));
  auto const format = console.json || options.format == "bundle" ? Format::bundle : Format::ndjson;
  console.began = &out == &console.out;
  ObjectWriter writer(out, format, collections->size() > 1);
  Pull work(session, options, std::move(since), out, writer);
  if (auto done = work.run(root->path, *collections); !done) return std::unexpected(std::move(done.error()));
  writer.finish();
  if (!out) return unwritable();
  bool const everything = !options.since && options.types.empty() && options.ids.empty();
  if (writer.count() == 0 && everything) say_what_is_seen(session, console);
  console.err << writer.count() << (writer.count() == 1 ? " object from " : " objects from ") << collections->size()
              << (collections->size() == 1 ? " collection" : " collections");
  if (auto const cursor = work.cursor()) console.err << "; next time: --since " << *cursor;
  console.err << '\n';
  return Exit::ok;
}

}  // namespace

Outcome<Exit> pull(Session& session, Console& console, PullOptions const& options) {
  std::optional<std::string> since;
  if (options.since) {
    auto parsed = parse_since(*options.since);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    since = std::move(*parsed);
  }
  if (!options.output || *options.output == "-")
    return pull_into(session, console, options, std::move(since), console.out);
  auto file = OutputFile::create(*options.output);
  if (!file) return std::unexpected(std::move(file.error()));
  auto done = pull_into(session, console, options, std::move(since), file->stream());
  if (!done) return done;
  if (auto kept = file->commit(); !kept) return std::unexpected(std::move(kept.error()));
  return done;
}

}  // namespace tocsin::client
