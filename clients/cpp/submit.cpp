#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <list>
#include <nlohmann/json.hpp>
#include <utility>

#include "clients/cpp/batches.hpp"
#include "clients/cpp/commands.hpp"
#include "clients/cpp/progress.hpp"
#include "clients/cpp/status_resource.hpp"
#include "clients/cpp/target.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

using std::chrono::milliseconds;

struct Input {
  std::list<std::string> texts;  // the items point into them
  std::vector<Item> items;
};

Outcome<std::string> read_text(std::string const& file, Console& console) {
  std::ifstream stream;
  if (file != "-") stream.open(file, std::ios::binary);
  std::istream& in = file == "-" ? console.in : stream;
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if ((file != "-" && !stream.is_open()) || in.bad()) return fail(Exit::local, file + " cannot be read.");
  return text;
}

Outcome<Input> read_input(std::vector<std::string> const& files, Console& console) {
  Input out;
  for (auto const& file : files) {
    auto text = read_text(file, console);
    if (!text) return std::unexpected(std::move(text.error()));
    auto const& kept = out.texts.emplace_back(std::move(*text));
    auto items = read_items(file == "-" ? "(standard input)" : file, kept);
    if (!items) return fail(Exit::local, std::move(items.error()));
    std::ranges::move(*items, std::back_inserter(out.items));
  }
  if (out.items.empty()) return fail(Exit::local, "There is no object in the input.");
  return out;
}

struct Tally {
  std::size_t total = 0, done = 0, accepted = 0, refused = 0, pending = 0;
  std::vector<Refusal> refusals;
  std::vector<std::string> statuses;  // ids
};

// One submission: its items, its place on the server and its counts so far.
class Submission {
 public:
  Submission(Session& session, Console& console, ApiRoot root, Collection collection, std::vector<Item> const& items)
      : session_(session),
        console_(console),
        root_(std::move(root)),
        collection_(std::move(collection)),
        items_(items),
        progress_(console.err, console.terminal, items.size()) {
    tally_.total = items.size();
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
                           .target = root_.path + "collections/" + encoded(collection_.id) + "/objects/",
                           .headers = {{"Accept", std::string(kTaxii)}, {"Content-Type", std::string(kTaxii)}},
                           .body = batch_body(items_, batch)});
    if (!response) return std::unexpected(std::move(response.error()));
    if (response->status == 413 || response->status == 422) {
      refuse_batch(batch, number, *response);
      return {};
    }
    if (response->status / 100 != 2) return std::unexpected(http_failure(*response, "batch " + std::to_string(number)));
    auto document = stix::parse_json(response->body);
    auto status = document ? read_status(*document) : fail(Exit::server, "The server's answer is not JSON.");
    if (!status) return std::unexpected(std::move(status.error()));
    status = wait_for(std::move(*status));
    if (!status) return std::unexpected(std::move(status.error()));
    count(*status, batch);
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

  void count(StatusResource const& status, Batch batch) {
    tally_.statuses.push_back(status.id);
    tally_.accepted += status.accepted;
    tally_.refused += status.refused;
    tally_.pending += status.complete ? 0 : status.pending;
    tally_.done += batch.count;
    for (auto const& refusal : status.refusals) show(refusal);
    if (!status.complete) progress_.line("pending: ask again with: tocsin status " + printable(status.id));
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
    show({item.id, item.version, std::move(message)});
  }

  void show(Refusal const& refusal) {
    tally_.refusals.push_back(refusal);
    progress_.line(refusal_line(refusal));
  }

  void summarise(std::size_t batches) {
    std::size_t const unsent = tally_.total - tally_.done;
    console_.began = true;
    if (console_.json) {
      auto refusals = nlohmann::json::array();
      for (auto const& refusal : tally_.refusals) refusals.push_back(to_json(refusal));
      nlohmann::json const document{{"collection", collection_.id},
                                    {"batches", batches},
                                    {"total", tally_.total},
                                    {"accepted", tally_.accepted},
                                    {"refused", tally_.refused},
                                    {"pending", tally_.pending},
                                    {"unsent", unsent},
                                    {"refusals", std::move(refusals)},
                                    {"statuses", tally_.statuses}};
      console_.out << document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
      return;
    }
    console_.out << tally_.accepted << " of " << tally_.total << (tally_.total == 1 ? " object" : " objects")
                 << " accepted by " << printable(collection_.title);
    if (tally_.refused > 0) console_.out << ", " << tally_.refused << " refused";
    if (tally_.pending > 0) console_.out << ", " << tally_.pending << " pending";
    if (unsent > 0) console_.out << ", " << unsent << " not confirmed";
    console_.out << '\n';
  }

  Session& session_;
  Console& console_;
  ApiRoot root_;
  Collection collection_;
  std::vector<Item> const& items_;
  Progress progress_;
  Tally tally_;
};

}  // namespace

Outcome<Exit> submit(Session& session, Console& console, SubmitOptions const& options) {
  auto input = read_input(options.files, console);
  if (!input) return std::unexpected(std::move(input.error()));
  auto root = session.root();
  if (!root) return std::unexpected(std::move(root.error()));
  auto collection = session.collection(options.collection);
  if (!collection) return std::unexpected(std::move(collection.error()));
  if (!collection->can_write) {
    return fail(Exit::unauthorised, "Your token may not write to the collection " + printable(collection->title) + ".",
                "See what it may do with: tocsin whoami");
  }
  return Submission(session, console, std::move(*root), std::move(*collection), input->items).run();
}

}  // namespace tocsin::client
