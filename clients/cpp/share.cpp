#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <utility>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/files.hpp"
#include "clients/cpp/item_blocks.hpp"
#include "clients/cpp/item_forms.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/progress.hpp"
#include "clients/cpp/refusals.hpp"
#include "clients/cpp/target.hpp"
#include "schema/core/digest.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

constexpr std::size_t kLines = 1'000;      // of one request
constexpr std::size_t kMostLines = 5'000;  // of one whose items name each other, or stand or fall together

std::unexpected<Failure> too_long_to_be_whole() {
  return fail(Exit::local, "--atomic takes one file of at most 5,000 lines.", "Share the files one after the other.");
}

struct File {
  std::string name;
  ItemForm form = ItemForm::list;
};

std::string shown_name(std::string const& name) { return name == "-" ? "(standard input)" : name; }

// "?kind=…&tlp=…": what the items do not say.
Outcome<std::string> query_of(ShareOptions const& options) {
  std::string out;
  auto const add = [&](std::string_view name, std::string_view value) {
    out += (out.empty() ? "?" : "&") + encoded(name) + "=" + encoded(value);
  };
  if (options.dry_run) add("dry_run", "1");
  if (!options.override_reason.empty()) add("override", options.override_reason);
  if (options.atomic) add("atomic", "1");
  if (!options.map.empty()) add("map", options.map);
  if (!options.columns.empty()) add("columns", options.columns);
  for (auto const& [name, value] : options.said) add(name, value);
  for (auto const& pair : options.set) {
    auto const equals = pair.find('=');
    if (equals == pair.npos || equals == 0)
      return fail(Exit::local, "--set takes PROPERTY=VALUE.", "For example: --set proxy_class=residential");
    add(std::string_view(pair).substr(0, equals), std::string_view(pair).substr(equals + 1));
  }
  return out;
}

// "FILE:7:2" as compilers write it, or "FILE (/3)" in a JSON document.
std::string place_of(File const& file, json const& item) {
  if (auto const line = number_or(item, "line", 0); line > 0) return file.name + ":" + std::to_string(line);
  auto const pointer = text_or(item, "pointer");
  return pointer.empty() ? file.name : file.name + " (" + pointer + ")";
}

class Sharing {
 public:
  // `bytes`: of all files, 0 when that is not known.
  Sharing(Session& session, Console& console, ShareOptions const& options, std::string query, std::size_t bytes)
      : session_(session),
        console_(console),
        options_(options),
        query_(std::move(query)),
        progress_(console.err, console.terminal, console.columns, bytes >> 10) {}

  Outcome<void> send(File const& file, ItemBatch const& batch) {
    progress_.show(sent_ >> 10, "KiB");
    auto response = session_.exchange({.method = "POST",
                                       .target = "/api/v1/indicators" + query_,
                                       .headers = {{"Accept", std::string(kJson)},
                                                   {"Content-Type", std::string(media_type(file.form))},
                                                   {"Idempotency-Key", core::to_text(core::random_uuid())}},
                                       .body = batch.body});
    if (!response) return std::unexpected(std::move(response.error()));
    if (response->status != 200) {
      auto failure = http_failure(*response, file.name);
      if (response->status == 400 || response->status == 413 || response->status == 415 || response->status == 422)
        failure.exit = Exit::refused;
      return std::unexpected(std::move(failure));
    }
    auto answer = stix::parse_json(response->body);
    if (!answer || !answer->is_object() || !answer->contains("items"))
      return fail(Exit::server, "The server's answer does not tell the fate of the items.", kWhichServer);
    sent_ += batch.body.size();
    count(file, batch, *answer);
    if (auto const& stopped = object_or_empty(*answer, "stopped"); !stopped.empty())
      return fail(Exit::server,
                  file.name + ":" + std::to_string(number_or(stopped, "line", 0) + batch.lines_before) +
                      ": from here on not all was stored: " + printable(text_or(stopped, "detail")),
                  "Run the command again: what is stored already is unchanged.");
    return {};
  }

  // Nothing more comes of the file.
  void end(File const& file) {
    for (auto const& sentence : std::exchange(refusals_, {}).repeated())
      progress_.line(printable(file.name) + ": " + sentence);
  }

  Exit finish() {
    for (auto const& one : readers_) progress_.line(who_sees(one));
    progress_.clear();
    if (console_.json) {
      begin_document();
      console_.out << "],";
      if (options_.dry_run) console_.out << "\"readers\":" << readers_.dump() << ',';
      if (waiting_ > 0) console_.out << "\"waiting\":" << waiting_ << ',';
      console_.out << "\"accepted\":" << accepted_ << ",\"unchanged\":" << unchanged_ << ",\"refused\":" << refused_
                   << "}\n";
    } else {
      console_.began = true;
      console_.out << accepted_ << (options_.dry_run ? " would be accepted, " : " accepted, ") << unchanged_
                   << " unchanged, " << refused_ << " refused";
      if (waiting_ > 0) console_.out << ", " << waiting_ << " waiting for an analyst: tocsin waiting list";
      console_.out << '\n';
    }
    return refused_ > 0 ? Exit::refused : Exit::ok;
  }

 private:
  // The items are printed as they are answered, so that a long file needs no memory.
  void begin_document() {
    if (!console_.began) console_.out << "{\"dry_run\":" << (options_.dry_run ? "true" : "false") << ",\"items\":[";
    console_.began = true;
  }

  void count(File const& file, ItemBatch const& batch, json const& answer) {
    accepted_ += number_or(answer, "accepted", 0);
    unchanged_ += number_or(answer, "unchanged", 0);
    refused_ += number_or(answer, "refused", 0);
    waiting_ += number_or(answer, "waiting", 0);
    for (auto const& one : list_or_empty(answer, "readers"))
      if (std::ranges::find(readers_, one) == readers_.end()) readers_.push_back(one);
    for (auto item : list_or_empty(answer, "items")) {
      if (auto const line = number_or(item, "line", 0); line > 0) item["line"] = line + batch.lines_before;
      auto const place = place_of(file, item);
      for (auto const& finding : list_or_empty(item, "findings")) refuse(place, item, finding);
      for (auto const& note : list_or_empty(item, "notes"))
        if (note.is_string()) progress_.line(printable(place + ": note: " + named(item) + note.get<std::string>()));
      if (options_.dry_run && !console_.json)
        for (auto const& object : list_or_empty(item, "objects"))
          console_.out << object.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
      if (!console_.json) continue;
      item["file"] = file.name;
      begin_document();
      console_.out << (std::exchange(printed_, true) ? "," : "")
                   << item.dump(-1, ' ', false, json::error_handler_t::replace);
    }
  }

  void refuse(std::string place, json const& item, json const& finding) {
    auto const code = text_or(finding, "code");
    auto sentence = ": refused: " + code + ": " + text_or(finding, "detail");
    if (auto const remedy = text_or(finding, "remedy"); !remedy.empty()) sentence += " " + remedy;
    auto const line = number_or(item, "line", 0);
    if (line > 0 && !refusals_.is_news(code, sentence, line)) return;
    if (auto const column = number_or(finding, "column", 0); column > 0) place += ":" + std::to_string(column);
    progress_.line(printable(place + sentence));
  }

  // What waits is found in `tocsin waiting list` by its id, which nothing else tells.
  static std::string named(json const& item) {
    return text_or(item, "outcome") == "waiting" ? text_or(item, "id") + ": " : "";
  }

  // "Who would see it in network: …" of one entry of the answer's `readers`.
  static std::string who_sees(json const& one) {
    auto out = "Who would see it in " + text_or(one, "collection") + ": " + text_or(one, "because");
    std::string names;
    for (auto const& name : list_or_empty(one, "organisations"))
      if (name.is_string()) names += (names.empty() ? " " : ", ") + name.get<std::string>();
    return printable(names.empty() ? out : out + " It names:" + names + ".");
  }

  Session& session_;
  Console& console_;
  ShareOptions const& options_;
  std::string const query_;
  Progress progress_;
  std::size_t sent_ = 0;  // bytes
  std::size_t accepted_ = 0, unchanged_ = 0, refused_ = 0, waiting_ = 0;
  Refusals refusals_;  // of the file on its way
  bool printed_ = false;
  json readers_ = json::array();  // of a dry run, each once
};

TableHead head_of(ShareOptions const& options) {
  if (!options.columns.empty()) return TableHead::absent;
  return options.map.empty() ? TableHead::told_by_names : TableHead::there;
}

// One file on its way, in blocks of kMostLines.
class SharedFile {
 public:
  SharedFile(Sharing& sharing, ShareOptions const& options, std::string const& name)
      : sharing_(sharing), options_(options), name_(name), file_{shown_name(name), ItemForm::list} {}

  Outcome<void> send(Console& console) {
    auto sent = send_all(console);
    sharing_.end(file_);
    return sent;
  }

 private:
  static constexpr std::size_t kTelling = 1 << 16;  // bytes that tell the form

  Outcome<void> send_all(Console& console) {
    auto const take = [this](std::string_view piece) { return add(piece); };
    auto read = name_ == "-" ? read_pieces(console.in, take) : read_pieces(name_, name_, take);
    if (read && !known_) read = begin();
    if (!read) return read;
    if (!blocks_) return sharing_.send(file_, {std::move(beginning_), 0});
    if (auto ended = blocks_->end(); !ended) return ended;
    return held_ ? sharing_.send(file_, *held_) : Outcome<void>();
  }

  Outcome<void> add(std::string_view piece) {
    if (known_ && blocks_) return blocks_->add(piece);
    beginning_ += piece;
    return known_ || beginning_.size() < kTelling ? Outcome<void>() : begin();
  }

  Outcome<void> begin() {
    known_ = true;
    file_.form = options_.format == "auto" ? form_of_file(name_, beginning_) : *parse_item_form(options_.format);
    if (file_.form == ItemForm::json) return {};
    blocks_.emplace(file_.form, head_of(options_), kMostLines,
                    [this](ItemBatch block) { return take(std::move(block)); });
    return blocks_->add(std::exchange(beginning_, {}));
  }

  Outcome<void> take(ItemBatch block) {
    if (options_.atomic) {
      if (held_) return too_long_to_be_whole();
      held_ = std::move(block);
      return {};
    }
    if (block.body.find("local:") != std::string::npos) return sharing_.send(file_, block);
    for (auto& batch : item_batches(file_.form, block.body, kLines, head_of(options_))) {
      batch.lines_before += block.lines_before;
      if (auto sent = sharing_.send(file_, batch); !sent) return sent;
    }
    return {};
  }

  Sharing& sharing_;
  ShareOptions const& options_;
  std::string const& name_;
  File file_;
  bool known_ = false;     // the form
  std::string beginning_;  // of a JSON document all
  std::optional<ItemBlocks> blocks_;
  std::optional<ItemBatch> held_;
};

// Before anything is sent: a file that cannot be read is found out. 0: at least one has no size.
Outcome<std::size_t> size_of_all(std::vector<std::string> const& files) {
  std::size_t sum = 0;
  bool known = true;
  for (auto const& name : files) {
    auto const size = name == "-" ? Outcome<std::size_t>(0) : size_of_file(name, name);
    if (!size) return size;
    known = known && *size > 0;
    sum += *size;
  }
  return known ? sum : 0;
}

}  // namespace

Outcome<Exit> share(Session& session, Console& console, ShareOptions const& options) {
  auto const query = query_of(options);
  if (!query) return std::unexpected(query.error());
  if (options.atomic && options.files.size() > 1) return too_long_to_be_whole();
  auto const bytes = size_of_all(options.files);
  if (!bytes) return std::unexpected(bytes.error());
  Sharing sharing(session, console, options, *query, *bytes);
  Outcome<void> sent;
  for (auto const& name : options.files)
    if (sent) sent = SharedFile(sharing, options, name).send(console);
  auto const exit = sharing.finish();
  if (!sent) return std::unexpected(std::move(sent.error()));
  return exit;
}

}  // namespace tocsin::client
