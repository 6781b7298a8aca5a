#include "schema/log/control.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "schema/log/decimal.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::log {
namespace {

constexpr std::string_view kKeyChange = "tocsin/key-change/v1", kLoss = "tocsin/loss/v1",
                           kErasure = "tocsin/erasure/v1", kRecall = "tocsin/recall/v1";

constexpr std::array<std::string_view, 3> kActions{"suppress", "withdraw", "restore"};
constexpr std::array<std::string_view, 6> kReasons{"wrong", "overshared", "personal-data",
                                                   "ended", "duplicate",  "other"};

template <class T>
std::optional<T> numbered(auto const& names, std::string_view text) {
  auto const found = std::ranges::find(names, text);
  if (found == names.end()) return std::nullopt;
  return static_cast<T>(found - names.begin());
}

std::unexpected<core::Error> malformed(std::string detail) {
  return core::fail(core::Code::note_malformed, std::move(detail));
}

std::string string(stix::Json const& document, char const* name) {
  auto const member = document.find(name);
  return member != document.end() && member->is_string() ? member->get<std::string>() : std::string();
}

bool is_op(std::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

std::string key_change_text(KeyChange const& change) {
  return std::string(kKeyChange) + "\n" + change.old.text() + "\n" + change.next.text() + "\n" +
         std::to_string(change.time_s) + "\n";
}

std::string loss_text(Loss const& loss) {
  return std::string(kLoss) + "\n" + format_checkpoint(loss.last) + loss.next.text() + "\n" +
         std::to_string(loss.time_s) + "\n";
}

std::string indices_text(std::vector<std::uint64_t> const& indices) {
  std::string text, separator;
  for (std::uint64_t index : indices) {
    text += separator + std::to_string(index);
    separator = " ";
  }
  return text;
}

std::string erasure_text(Erasure const& erasure) {
  return std::string(kErasure) + "\n" + erasure.by.text() + "\n" + indices_text(erasure.indices) + "\n" +
         std::to_string(erasure.time_s) + "\n";
}

std::string recall_text(Recall const& recall) {
  return std::string(kRecall) + "\n" + recall.by.text() + "\n" + indices_text(recall.indices) + "\n" +
         std::string(name(recall.action)) + "\n" + std::string(name(recall.reason)) + "\n" +
         std::to_string(recall.deadline_s) + "\n" + std::to_string(recall.time_s) + "\n";
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (auto end = text.find('\n'); end != std::string_view::npos && lines.size() < 7; end = text.find('\n')) {
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  if (!text.empty()) lines.clear();
  return lines;
}

core::Result<Statement> parse_key_change(std::vector<std::string_view> const& lines) {
  auto old = VerifierKey::parse(lines[1]), next = VerifierKey::parse(lines[2]);
  if (!old) return std::unexpected(old.error());
  if (!next) return std::unexpected(next.error());
  auto time = parse_decimal(lines[3]);
  if (!time) return malformed("The last line of a key change is not a time in seconds.");
  if (old->name() != next->name()) return malformed("The keys of a key change have different names.");
  if (*old == *next) return malformed("A key change names one key twice.");
  return KeyChange{*std::move(old), *std::move(next), *time};
}

core::Result<Statement> parse_loss(std::vector<std::string_view> const& lines) {
  std::string checkpoint;
  for (std::size_t i = 1; i <= 3; ++i) checkpoint.append(lines[i]).append("\n");
  auto last = parse_checkpoint(checkpoint);
  if (!last) return std::unexpected(last.error());
  auto next = VerifierKey::parse(lines[4]);
  if (!next) return std::unexpected(next.error());
  auto time = parse_decimal(lines[5]);
  if (!time) return malformed("The last line of a declaration of loss is not a time in seconds.");
  if (next->name() != last->origin) return malformed("The key of a declaration of loss is another log's.");
  return Loss{*std::move(last), *std::move(next), *time};
}

// Numbers that grow, with one space between them.
std::optional<std::vector<std::uint64_t>> parse_indices(std::string_view line) {
  std::vector<std::uint64_t> indices;
  for (;;) {
    auto end = line.find(' ');
    auto index = parse_decimal(line.substr(0, end));
    if (!index || (!indices.empty() && *index <= indices.back())) return std::nullopt;
    indices.push_back(*index);
    if (end == std::string_view::npos) return indices;
    line.remove_prefix(end + 1);
  }
}

core::Result<Statement> parse_erasure(std::vector<std::string_view> const& lines) {
  auto by = VerifierKey::parse(lines[1]);
  if (!by) return std::unexpected(by.error());
  auto indices = parse_indices(lines[2]);
  if (!indices) return malformed("The leaves of an erasure are not numbers that grow.");
  auto time = parse_decimal(lines[3]);
  if (!time) return malformed("The last line of an erasure is not a time in seconds.");
  return Erasure{*std::move(by), *std::move(indices), *time};
}

core::Result<Statement> parse_recall(std::vector<std::string_view> const& lines) {
  auto by = VerifierKey::parse(lines[1]);
  if (!by) return std::unexpected(by.error());
  auto indices = parse_indices(lines[2]);
  if (!indices) return malformed("The leaves of a recall are not numbers that grow.");
  auto const action = parse_recall_action(lines[3]);
  if (!action) return malformed("A recall does not say what becomes of its leaves.");
  auto const reason = parse_recall_reason(lines[4]);
  if (!reason) return malformed("A recall does not say why in a word that this version knows.");
  auto const deadline = parse_decimal(lines[5]), time = parse_decimal(lines[6]);
  if (!deadline || !time) return malformed("The last lines of a recall are not times in seconds.");
  if (*deadline < *time) return malformed("A recall is to be carried out before it was made.");
  return Recall{*std::move(by), *std::move(indices), *action, *reason, *deadline, *time};
}

core::Result<Note> signed_note(std::string text, std::initializer_list<SignerKey const*> signers) {
  auto note = Note::from_text(std::move(text));
  if (!note) return note;
  for (SignerKey const* signer : signers)
    if (auto added = note->add(sign(*signer, note->text())); !added) return std::unexpected(added.error());
  return note;
}

// The statement of a note that all the keys signed.
template <class T>
core::Result<T> opened(std::string_view bytes, auto&& keys_of) {
  auto note = Note::parse(bytes);
  if (!note) return std::unexpected(note.error());
  auto statement = parse_statement(note->text());
  if (!statement) return std::unexpected(statement.error());
  auto* wanted = std::get_if<T>(&*statement);
  if (wanted == nullptr) return malformed("The note is a statement of another kind.");
  std::vector<VerifierKey> const keys = keys_of(*wanted);
  auto verified = verify_note(*note, keys);
  if (!verified) return std::unexpected(verified.error());
  if (verified->size() != keys.size())
    return core::fail(core::Code::note_unverified, "A key that has to sign the statement did not.");
  return std::move(*wanted);
}

}  // namespace

std::string ControlHeader::text() const {
  std::string out = R"({"data_root":")" + core::to_base64(core::view(data.root)) + R"(","data_size":)" +
                    std::to_string(data.size) + R"(,"log":"control","op":)";
  stix::append_canonical_string(out, op);
  out.append(R"(,"origin":)");
  stix::append_canonical_string(out, data.origin);
  return out.append(R"(,"v":1})");
}

core::Result<ControlHeader> ControlHeader::parse(std::string_view text) {
  auto const document = stix::parse_json(text, {.depth = 1});
  if (!document) return std::unexpected(document.error());
  if (!document->is_object())
    return core::fail(core::Code::not_an_object, "The header of a control entry is not a JSON object.");
  auto const root = core::to_array<32>(core::from_base64(string(*document, "data_root")).value_or(""));
  auto const size = document->find("data_size");
  bool counted = size != document->end() && size->is_number_integer() && size->get<std::int64_t>() >= 0;
  std::string op = string(*document, "op"), origin = string(*document, "origin");
  if (root && counted && is_key_name(origin) && is_op(op)) {
    ControlHeader header{std::move(op), {std::move(origin), size->get<std::uint64_t>(), *root}};
    // The comparison refuses other names and values of v and log, and every spelling that is not canonical.
    if (header.text() == text) return header;
  }
  return core::fail(core::Code::property_value,
                    "The header of a control entry is not the canonical form of a version 1 header.");
}

std::string_view name(RecallAction action) { return kActions[static_cast<std::size_t>(action)]; }
std::string_view name(RecallReason reason) { return kReasons[static_cast<std::size_t>(reason)]; }
std::optional<RecallAction> parse_recall_action(std::string_view text) {
  return numbered<RecallAction>(kActions, text);
}
std::optional<RecallReason> parse_recall_reason(std::string_view text) {
  return numbered<RecallReason>(kReasons, text);
}

std::string format_statement(Statement const& statement) {
  if (auto const* change = std::get_if<KeyChange>(&statement)) return key_change_text(*change);
  if (auto const* erasure = std::get_if<Erasure>(&statement)) return erasure_text(*erasure);
  if (auto const* recall = std::get_if<Recall>(&statement)) return recall_text(*recall);
  return loss_text(std::get<Loss>(statement));
}

core::Result<Statement> parse_statement(std::string_view text) {
  auto const lines = lines_of(text);
  if (lines.size() == 4 && lines[0] == kKeyChange) return parse_key_change(lines);
  if (lines.size() == 6 && lines[0] == kLoss) return parse_loss(lines);
  if (lines.size() == 4 && lines[0] == kErasure) return parse_erasure(lines);
  if (lines.size() == 7 && lines[0] == kRecall) return parse_recall(lines);
  return malformed("The note is no statement that this version knows.");
}

core::Result<Note> sign_key_change(SignerKey const& old, SignerKey const& next, std::uint64_t time_s) {
  return signed_note(key_change_text({old.verifier(), next.verifier(), time_s}), {&old, &next});
}

core::Result<Note> sign_loss(Loss const& loss, SignerKey const& root) { return signed_note(loss_text(loss), {&root}); }

core::Result<Note> sign_erasure(std::vector<std::uint64_t> indices, SignerKey const& log, std::uint64_t time_s) {
  return signed_note(erasure_text({log.verifier(), std::move(indices), time_s}), {&log});
}

core::Result<Note> sign_recall(Recall const& recall, SignerKey const& log) {
  return signed_note(recall_text(recall), {&log});
}

core::Result<KeyChange> open_key_change(std::string_view note) {
  return opened<KeyChange>(note, [](KeyChange const& change) { return std::vector{change.old, change.next}; });
}

core::Result<Erasure> open_erasure(std::string_view note) {
  return opened<Erasure>(note, [](Erasure const& erasure) { return std::vector{erasure.by}; });
}

core::Result<Recall> open_recall(std::string_view note) {
  return opened<Recall>(note, [](Recall const& recall) { return std::vector{recall.by}; });
}

core::Result<Loss> open_loss(std::string_view note, VerifierKey const& root) {
  return opened<Loss>(note, [&](Loss const&) { return std::vector{root}; });
}

}  // namespace tocsin::log
