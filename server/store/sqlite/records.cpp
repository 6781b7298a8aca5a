#include "server/store/sqlite/records.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "schema/core/finding_text.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr std::size_t kRowBytes = 8;

std::string little_endian(std::vector<RowId> const& rows) {
  std::string out;
  out.reserve(rows.size() * kRowBytes);
  for (RowId row : rows)
    for (std::size_t byte = 0; byte < kRowBytes; ++byte)
      out += static_cast<char>(static_cast<std::uint64_t>(row) >> (8 * byte) & 255);
  return out;
}

std::vector<RowId> from_little_endian(std::string_view bytes) {
  std::vector<RowId> rows;
  rows.reserve(bytes.size() / kRowBytes);
  for (std::size_t i = 0; i + kRowBytes <= bytes.size(); i += kRowBytes) {
    std::uint64_t row = 0;
    for (std::size_t byte = 0; byte < kRowBytes; ++byte)
      row |= std::uint64_t{static_cast<unsigned char>(bytes[i + byte])} << (8 * byte);
    rows.push_back(static_cast<RowId>(row));
  }
  return rows;
}

}  // namespace

void grow(SubmissionRecord& record, std::span<Candidate const> candidates, std::vector<Fate> const& fates) {
  for (std::size_t i = 0; i < fates.size(); ++i) {
    Candidate const& candidate = candidates[i];
    if (fates[i].kind != Verdict::Kind::refuse) {
      if (std::string note = note_of(candidate, fates[i]); !note.empty())
        record.notes.emplace_back(record.accepted.size(), note);
      record.accepted.push_back(fates[i].kind == Verdict::Kind::waits ? -fates[i].waiting : fates[i].version);
      continue;
    }
    record.refused.push_back({candidate.type + "--" + core::to_text(candidate.uuid), candidate.version_text,
                              core::finding_text(fates[i].error)});
  }
}

RecordColumns to_columns(SubmissionRecord const& record) {
  nlohmann::json notes = nlohmann::json::object(), messages = nlohmann::json::array(), items = nlohmann::json::array();
  for (auto const& [index, text] : record.notes) notes[std::to_string(index)] = text;
  std::unordered_map<std::string_view, std::size_t> places;  // of each message
  for (auto const& refusal : record.refused) {
    auto [place, fresh] = places.emplace(refusal.message, messages.size());
    if (fresh) messages.push_back(refusal.message);
    items.push_back(nlohmann::json::array({refusal.id, refusal.version, place->second}));
  }
  nlohmann::json refused{{"messages", std::move(messages)}, {"items", std::move(items)}};
  auto dump = [](nlohmann::json const& document) {
    return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  };
  return {little_endian(record.accepted), dump(notes), dump(refused)};
}

SubmissionRecord from_columns(std::string_view accepted, std::string_view notes, std::string_view refused) {
  SubmissionRecord record;
  record.accepted = from_little_endian(accepted);
  for (auto const& [index, text] : nlohmann::json::parse(notes).items())
    record.notes.emplace_back(std::stoull(index), text.get<std::string>());
  std::ranges::sort(record.notes);  // the names of a JSON object are in the order of text
  auto const document = nlohmann::json::parse(refused);
  auto const& messages = document.at("messages");
  for (auto const& item : document.at("items"))
    record.refused.push_back({item.at(0).get<std::string>(), item.at(1).get<std::string>(),
                              messages.at(item.at(2).get<std::size_t>()).get<std::string>()});
  return record;
}

}  // namespace tocsin::store::sqlite
