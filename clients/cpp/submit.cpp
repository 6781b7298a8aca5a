#include <algorithm>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <ranges>
#include <span>
#include <sstream>
#include <utility>

#include "clients/cpp/as_member.hpp"
#include "clients/cpp/batches.hpp"
#include "clients/cpp/commands.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/progress.hpp"
#include "clients/cpp/status_resource.hpp"
#include "clients/cpp/submitted_files.hpp"
#include "clients/cpp/submitted_form.hpp"
#include "clients/cpp/target.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

using std::chrono::milliseconds;

std::string place_of(Item const& item) {
  return "object " + std::to_string(item.number) + " of " + std::string(item.input);
}

struct Tally {
  std::size_t total = 0, done = 0, accepted = 0, unchanged = 0, refused = 0, pending = 0, waiting = 0;
  std::vector<Verdict> refusals, notes;
  std::vector<std::string> statuses;  // ids
};

// One submission: its items, its place on the server and its counts so far.
class Submission {
 public:
  // `override_reason`: "" when warnings refuse.
  Submission(Session& session, Console& console, ApiRoot root, Collection collection, std::vector<Item> const& items,
             std::string const& override_reason)
      : session_(session),
        console_(console),
        root_(std::move(root)),
        collection_(std::move(collection)),
        query_(override_reason.empty() ? "" : "?override=" + encoded(override_reason)),
        items_(items),
        progress_(console.err, console.terminal, console.columns, items_.size()) {
    tally_.total = items_.size();
  }

  Outcome<Exit> run() {
    auto const plan = plan_batches(items_, {.objects = 500, .bytes = root_.max_content_length});
    for (auto i : plan.oversized) {
      refuse(items_[i], "the object has " + std::to_string(items_[i].bytes.size()) + " bytes, and a request may have " +
                            std::to_string(root_.max_content_length));
      ++tally_.done;
    }
    Outcome<void> sent;
    for (std::size_t i = 0; i < plan.batches.size() && sent; ++i) {
      progress_.show(tally_.done,
                     "objects, batch " + std::to_string(i + 1) + " of " + std::to_string(plan.batches.size()));
      sent = send(plan.batches[i], i + 1);
    }
    progress_.clear();
    summarise(plan.batches.size());
    if (!sent) return std::unexpected(std::move(sent.error()));
    if (tally_.pending > 0) return Exit::server;
    return tally_.refused > 0 ? Exit::refused : Exit::ok;
  }

 private:
  Outcome<void> send(Batch batch, std::size_t number) {
    auto response =
        session_.exchange({.method = "POST",
                           .target = root_.path + "collections/" + encoded(collection_.id) + "/objects/" + query_,
                           .headers = {{"Accept", std::string(kTaxii)}, {"Content-Type", std::string(kTaxii)}},
                           .body = batch_body(items_, batch)});
    if (!response) return std::unexpected(std::move(response.error()));
    if (response->status == 413 || response->status == 422) {
      refuse_batch(batch, number, *response);
      return {};
    }
    if (response->status / 100 != 2) return std::unexpected(http_failure(*response, "batch " + std::to_string(number)));
    auto document = stix::parse_json(response->body);
    auto status =
        document ? read_status(*document) : fail(Exit::server, "The server's answer is not JSON.", kWhichServer);
    if (!status) return std::unexpected(std::move(status.error()));
    status = wait_for(std::move(*status));
    if (!status) return std::unexpected(std::move(status.error()));
    if (status->total != batch.count)
      return fail(Exit::server,
                  "Batch " + std::to_string(number) + " has " + std::to_string(batch.count) +
                      (batch.count == 1 ? " object" : " objects") + ", and the server tells the fate of " +
                      std::to_string(status->total) + ".",
                  kWhichServer);
    count(std::move(*status), batch);
    return {};
  }

  // Asks until the submission is complete, ever more rarely, for ten minutes.
  Outcome<StatusResource> wait_for(StatusResource status) {
    constexpr milliseconds kFirst{100}, kLongest{2'000}, kAll{600'000};
    milliseconds waited{0};
    for (auto wait = kFirst; !status.complete && waited < kAll; wait = std::min(wait * 2, kLongest)) {
      session_.pause(wait);
      waited += wait;
      auto document = session_.get_json(root_.path + "status/" + encoded(status.id) + "/");
      if (!document) return std::unexpected(std::move(document.error()));
      auto next = read_status(*document);
      if (!next) return next;
      status = std::move(*next);
    }
    return status;
  }

  void count(StatusResource status, Batch batch) {
    place(status.refusals, batch);
    tally_.statuses.push_back(status.id);
    tally_.accepted += status.accepted;
    tally_.unchanged += status.unchanged;
    tally_.refused += status.refused;
    tally_.pending += status.complete ? 0 : status.pending;
    tally_.waiting += status.waiting;
    tally_.done += batch.count;
    for (auto& refusal : status.refusals) show(std::move(refusal));
    for (auto& note : status.notes) {
      progress_.line(note_line(note));
      tally_.notes.push_back(std::move(note));
    }
    if (!status.complete) progress_.line("pending: ask again with: tocsin status " + printable(status.id));
  }

  // TAXII wants an id for every refusal, so a server that found none says "unknown". Refusals come in the order of the
  // objects: as many of those as there are objects without an id tell which is which.
  void place(std::vector<Verdict>& refusals, Batch batch) const {
    auto nameless = std::span(items_).subspan(batch.first, batch.count) |
                    std::views::filter([](Item const& item) { return item.id.empty(); });
    auto unknown = refusals | std::views::filter([](Verdict const& refusal) {
                     return refusal.where.empty() && (refusal.id.empty() || refusal.id == "unknown");
                   });
    std::vector<Verdict*> found;
    for (auto& refusal : unknown) found.push_back(&refusal);
    if (std::ranges::distance(nameless) != std::ssize(found)) return;
    auto next = found.begin();
    for (auto const& item : nameless) (*next++)->where = place_of(item);
  }

  void refuse_batch(Batch batch, std::size_t number, http::ClientResponse const& response) {
    auto said = server_sentence(response);
    if (said.empty()) said = "the server answered " + std::to_string(response.status);
    for (auto const& item : std::span(items_).subspan(batch.first, batch.count)) {
      refuse(item, "batch " + std::to_string(number) + " as a whole: " + said);
    }
    tally_.done += batch.count;
  }

  void refuse(Item const& item, std::string message) {
    ++tally_.refused;
    show({item.id, item.version, std::move(message), item.id.empty() ? place_of(item) : std::string()});
  }

  void show(Verdict refusal) {
    progress_.line(refusal_line(refusal));
    tally_.refusals.push_back(std::move(refusal));
  }

  void summarise(std::size_t batches) {
    std::size_t const unsent = tally_.total - tally_.done;
    console_.began = true;
    if (console_.json) {
      auto refusals = nlohmann::json::array(), notes = nlohmann::json::array();
      for (auto const& refusal : tally_.refusals) refusals.push_back(to_json(refusal));
      for (auto const& note : tally_.notes) notes.push_back(to_json(note));
      nlohmann::json document{{"collection", collection_.id},    {"batches", batches},
                              {"total", tally_.total},           {"accepted", tally_.accepted},
                              {"unchanged", tally_.unchanged},   {"refused", tally_.refused},
                              {"pending", tally_.pending},       {"unsent", unsent},
                              {"refusals", std::move(refusals)}, {"notes", std::move(notes)},
                              {"statuses", tally_.statuses}};
      if (tally_.waiting > 0) document["waiting"] = tally_.waiting;
      console_.out << document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
      return;
    }
    console_.out << tally_.accepted << " of " << tally_.total << (tally_.total == 1 ? " object" : " objects")
                 << " accepted by " << printable(collection_.title);
    if (tally_.unchanged > 0) console_.out << ", " << tally_.unchanged << " unchanged";
    if (tally_.refused > 0) console_.out << ", " << tally_.refused << " refused";
    if (tally_.waiting > 0) console_.out << ", " << tally_.waiting << " waiting for an analyst";
    if (tally_.pending > 0) console_.out << ", " << tally_.pending << " pending";
    if (unsent > 0) console_.out << ", " << unsent << " not confirmed";
    console_.out << '\n';
  }

  Session& session_;
  Console& console_;
  ApiRoot root_;
  Collection collection_;
  std::string query_;
  std::vector<Item> const& items_;
  Progress progress_;
  Tally tally_;
};

// Whom an object may name as its creator.
Outcome<Identities> who_is_who(Session& session) {
  auto me = session.get_fixed_json("/api/v1/me", kJson);
  if (!me) return std::unexpected(std::move(me.error()));
  Identities identities{text_or(*me, "identity"), text_or(*me, "as_member")};
  if (identities.own.empty() || identities.instance.empty())
    return fail(Exit::server, "The server does not say whom an object may name instead of its submitter.",
                "Submit without --as-member, or not at all.");
  return identities;
}

// Sends the objects to a collection, and prints what became of them.
Outcome<Exit> submit_objects(Session& session, Console& console, SubmitOptions const& options, SubmittedObjects input) {
  auto root = session.root();
  if (!root) return std::unexpected(std::move(root.error()));
  auto into = session.collection(options.collection.value_or("network"));
  if (!into) return std::unexpected(std::move(into.error()));
  if (!into->can_write) {
    return fail(Exit::unauthorised, "Your token may not write to the collection " + printable(into->title) + ".",
                "See what it may do with: tocsin whoami");
  }
  if (options.as_member) {
    auto identities = who_is_who(session);
    if (!identities) return std::unexpected(std::move(identities.error()));
    if (auto named = name_instance(*identities, input.texts, input.items); !named)
      return std::unexpected(std::move(named.error()));
  }
  return Submission(session, console, std::move(*root), std::move(*into), input.items, options.items.override_reason)
      .run();
}

// Whether an option was given that only `share` understands.
bool speak_of_items(ShareOptions const& options) {
  return !options.said.empty() || !options.set.empty() || options.format != ShareOptions{}.format || options.dry_run ||
         options.atomic || !options.map.empty() || !options.columns.empty();
}

// `in` is what "-" stands for.
Outcome<Exit> share_instead(Session& session, Console& console, SubmitOptions const& options, std::istream& in) {
  if (options.as_member || options.collection)
    return fail(Exit::local,
                "--as-member and --collection are for STIX objects, and " + listed(options.items.files) +
                    " would be shared as items.",
                "Leave them out: an item goes where its kind belongs, in your organisation's name.");
  Console same{.in = in,
               .out = console.out,
               .err = console.err,
               .terminal = console.terminal,
               .columns = console.columns,
               .piped = console.piped,
               .json = console.json,
               .began = console.began};
  auto shared = share(session, same, options.items);
  console.began = same.began;
  return shared;
}

}  // namespace

Outcome<Exit> submit(Session& session, Console& console, SubmitOptions const& options) {
  if (speak_of_items(options.items)) return share_instead(session, console, options, console.in);
  auto const& files = options.items.files;
  auto texts = read_texts(files, console.in);
  if (!texts) return std::unexpected(std::move(texts.error()));
  std::size_t with_items = 0;
  std::istringstream standard_input;
  for (auto text = texts->begin(); auto const& file : files) {
    with_items += holds_items(file, *text) ? 1 : 0;
    if (file == "-") standard_input.str(*text);
    ++text;
  }
  if (with_items == files.size()) return share_instead(session, console, options, standard_input);
  if (with_items > 0)
    return fail(Exit::local, "Some of " + listed(files) + " hold STIX objects, and others items of the short form.",
                "Submit them one after the other.");
  auto input = objects_in(files, std::move(*texts));
  if (!input) return std::unexpected(std::move(input.error()));
  return submit_objects(session, console, options, std::move(*input));
}

}  // namespace tocsin::client
