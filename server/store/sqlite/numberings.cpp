#include "server/store/sqlite/numberings.hpp"

#include <algorithm>

#include "schema/core/digest.hpp"

namespace tocsin::store::sqlite {

Numberings::Numberings(Connection& connection)
    : connection_(connection),
      insert_(connection.prepare("INSERT INTO numberings (class, collection, token, count, last, rolling, headed) "
                                 "VALUES (?, ?, ?, 0, 0, zeroblob(32), 0)")),
      save_(connection.prepare("UPDATE numberings SET count = ?, last = ?, rolling = ?, headed = ? "
                               "WHERE numbering = ?")),
      insert_head_(connection.prepare("INSERT INTO heads VALUES (?, ?, ?, ?, ?, ?)")) {}

void Numberings::Numbering::add(std::uint64_t index, core::Digest const& leaf) {
  now = {now.count + 1, index, log::roll(now.rolling, leaf)};
  dirty = true;
}

void Numberings::load() {
  if (loaded_) return;
  Statement rows = connection_.prepare(
      "SELECT class, collection, numbering, token, count, last, rolling, headed FROM numberings "
      "WHERE retired = 0");
  while (rows.step())
    numberings_.emplace(
        std::pair(rows.integer(0), rows.integer(1)),
        Numbering{rows.integer(2),
                  core::to_array<16>(rows.text(3)).value(),
                  {static_cast<std::uint64_t>(rows.integer(4)), static_cast<std::uint64_t>(rows.integer(5)),
                   core::to_array<32>(rows.text(6)).value()},
                  static_cast<std::uint64_t>(rows.integer(7)),
                  false});
  loaded_ = true;
}

Numberings::Numbering& Numberings::of(RowId cls, RowId collection) {
  load();
  auto const [found, is_new] = numberings_.try_emplace({cls, collection});
  if (!is_new) return found->second;
  core::random_bytes(found->second.token);  // all 128 bits: the token is no UUID
  insert_.start().bind(cls).bind(collection).bind_blob(core::view(found->second.token)).run();
  found->second.row = connection_.last_insert();
  return found->second;
}

std::vector<Numberings::Numbering*> Numberings::growing() {
  load();
  std::vector<Numbering*> out;
  for (auto& [key, numbering] : numberings_)
    if (numbering.now.count > numbering.headed) out.push_back(&numbering);
  std::ranges::sort(out, {}, &Numbering::row);
  return out;
}

void Numberings::keep_head(Numbering& numbering, std::uint64_t position, Seal const& seal,
                           core::Salt const& header_salt, core::Salt const& body_salt, std::string_view body) {
  insert_head_.start().bind(static_cast<std::int64_t>(position)).bind(numbering.row).bind_text(seal.header);
  insert_head_.bind_blob(core::view(header_salt)).bind_blob(core::view(body_salt)).bind_text(body).run();
  numbering.headed = numbering.now.count;
  numbering.dirty = true;
}

void Numberings::retire() {
  connection_.prepare("UPDATE numberings SET retired = 1").start().run();
  forget();
}

void Numberings::save() {
  for (auto& [key, numbering] : numberings_) {
    if (!numbering.dirty) continue;
    save_.start()
        .bind(static_cast<std::int64_t>(numbering.now.count))
        .bind(static_cast<std::int64_t>(numbering.now.last));
    save_.bind_blob(core::view(numbering.now.rolling)).bind(static_cast<std::int64_t>(numbering.headed));
    save_.bind(numbering.row).run();
    numbering.dirty = false;
  }
}

void Numberings::forget() {
  numberings_.clear();
  loaded_ = false;
}

}  // namespace tocsin::store::sqlite
