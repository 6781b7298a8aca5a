#include "server/admission/drafts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "schema/core/digest.hpp"
#include "schema/core/finding_text.hpp"
#include "schema/kinds/kinds.hpp"
#include "server/admission/waves.hpp"

namespace tocsin::admission {
namespace {

using core::Code;
using Findings = std::vector<core::Error>;
using Outcome = Item::Outcome;
using Role = store::ClaimPart::Role;
using Stored = std::shared_ptr<stix::Json const>;

Stored parsed(std::string const& bytes) {
  if (bytes.empty()) return nullptr;
  auto document = stix::parse_json(bytes);
  return document ? std::make_shared<stix::Json const>(*std::move(document)) : nullptr;
}

std::string text_in(std::string const& bytes, char const* name) {
  auto const document = stix::parse_json(bytes);
  return document ? document->value(name, std::string()) : std::string();
}

store::ClaimKey key_of(kinds::Link const& link) { return {link.type, core::sha256(link.source + "\n" + link.target)}; }

// Of a relationship.
std::vector<core::Uuid> ends_in(stix::Object const& relationship) {
  std::vector<core::Uuid> out;
  for (auto const* end : {"source_ref", "target_ref"})
    if (auto const id = stix::Identifier::parse(text_in(relationship.bytes, end))) out.push_back(id->uuid());
  return out;
}

core::Error not_reached(kinds::Kind const& kind) {
  return {Code::forbidden,
          "Your credential does not reach the collection " + std::string(kind.collection) + ", where this kind goes.",
          "/kind", "Ask an administrator for a credential that does."};
}

core::Error too_many_links() {
  return {Code::content_too_large, "The items of the body name more than " + std::to_string(kMostLinks) + " objects.",
          "", "Send them in several bodies."};
}

core::Error wrong_type(kinds::LocalReference const& reference) {
  std::string types;
  for (auto const type : reference.types) types += (types.empty() ? "" : ", ") + std::string(type);
  return {Code::reference_type, "The item that is referred to here becomes no object of the type " + types + ".",
          reference.pointer, "Refer to an item of another kind."};
}

}  // namespace

Drafting::Drafting(Batch& batch, Door const& door, Sender const& sender)
    : batch_(batch), door_(door), sender_(sender), works_(batch.items.size()) {
  if (auto const* organisation = sender.directory->organisation(sender.asserter)) creator_ = organisation->identity;
}

void Drafting::begin(std::vector<store::StoredClaim> const& claims) {
  order_ = in_order(batch_.items);
  of_item_.resize(batch_.items.size(), nullptr);
  auto claim = claims.begin();
  for (std::size_t i = 0; i < batch_.items.size(); ++i)
    if (batch_.items[i].outcome != Outcome::refused) of_item_[i] = &*claim++;
}

bool Drafting::expand(std::vector<store::StoredClaim> const& claims, std::size_t most) {
  if (order_.empty()) begin(claims);
  for (auto const end = std::min(order_.size(), expanded_ + most); expanded_ < end; ++expanded_) {
    auto const index = order_[expanded_];
    if (refuse_with_its_needs(batch_.items, index) || of_item_[index] == nullptr) continue;
    expand(index, *of_item_[index]);
  }
  return expanded_ == order_.size();
}

void Drafting::expand(std::size_t index, store::StoredClaim const& claim) {
  Item& item = batch_.items[index];
  if (sender_.directory->collection(item.native->kind().collection, *sender_.view) == nullptr)
    return refuse(item, {not_reached(item.native->kind())});
  auto native = kinds::with_identifiers(
      *item.native, [this](kinds::LocalReference const& reference) { return identifiers(reference); });
  if (!native) return refuse(item, std::move(native.error()));
  kinds::Context const context{
      sender_.now_us,
      creator_,
      core::random_uuid,
      {parsed(claim.indicator), parsed(claim.observable), parsed(claim.relationship), parsed(claim.namesake)},
      door_.lifetimes()};
  auto made = kinds::to_stix(*native, context);
  if (!made) return refuse(item, std::move(made.error()));
  auto links = kinds::links_of(*native, *made->subject);
  links_ += links.size();
  if (links_ > kMostLinks) return refuse(item, {too_many_links()});
  auto const& before = context.earlier.subject;
  Work work{*std::move(native), *std::move(made), std::nullopt, std::move(links), std::nullopt};
  if (before)
    if (auto const id = stix::Identifier::parse(before->at("id").get<std::string>()); *id != work.made.subject->id)
      work.replaces = id->uuid();
  if (before && !work.replaces) {
    work.first_question = questions_.size();
    for (auto const& link : work.links) questions_.push_back({key_of(link), std::nullopt});
  }
  item.outcome = work.made.changed ? Outcome::accepted : Outcome::unchanged;
  item.id = work.made.subject->id.text();
  item.valid_until = text_in(work.made.subject->bytes, "valid_until");
  works_[index] = std::move(work);
}

core::Result<std::vector<std::string>> Drafting::identifiers(kinds::LocalReference const& reference) const {
  std::vector<std::string> out;
  for (auto const index : batch_.names.find(reference.name)->second) {
    auto const& made = works_[index]->made;
    for (auto const* object : {&made.subject, &made.observable})
      if (*object && std::ranges::find(reference.types, (*object)->id.type()) != reference.types.end())
        out.push_back((*object)->id.text());
  }
  if (out.empty()) return std::unexpected(wrong_type(reference));
  return out;
}

bool Drafting::draft(std::vector<store::StoredClaim> const& links, bool dry, std::size_t most) {
  for (auto const end = std::min(order_.size(), drafted_ + most); drafted_ < end; ++drafted_) {
    auto const index = order_[drafted_];
    if (!refuse_with_its_needs(batch_.items, index) && works_[index]) add(index, links, dry);
  }
  return drafted_ == order_.size();
}

std::vector<Draft> Drafting::take_drafts() {
  std::vector<Draft> out;
  for (auto& [place, draft] : drafts_) out.push_back(std::move(draft));
  drafts_.clear();
  return out;
}

std::vector<Referring> Drafting::referring() const {
  std::vector<Referring> out;
  auto const names = [](auto const& work) { return work && !work->made.subject->references.empty(); };
  if (std::ranges::none_of(works_, names)) return out;
  Questions questions;
  std::set<stix::Identifier> here;
  for (auto const& work : works_)
    if (work) here.insert(work->made.subject->id);
  for (std::size_t i = 0; i < works_.size(); ++i) {
    if (!works_[i] || batch_.items[i].outcome == Outcome::refused) continue;
    auto const& references = works_[i]->made.subject->references;
    Referring one{i, false, references.size(), 0};
    for (auto const& reference : references)
      if (!here.contains(reference)) questions.ask(one, reference);
    if (!one.asked.empty()) out.push_back(std::move(one));
  }
  return out;
}

std::vector<stix::Object> Drafting::relationships(std::size_t index, std::vector<store::StoredClaim> const& links) {
  Work const& work = *works_[index];
  Item& item = batch_.items[index];
  std::vector<Stored> stored(work.links.size());
  if (work.first_question)
    for (std::size_t i = 0; i < stored.size(); ++i) stored[i] = parsed(links[*work.first_question + i].indicator);
  auto out = kinds::to_relationships(work.native, *work.made.subject, work.links, stored,
                                     {sender_.now_us, creator_, core::random_uuid, {}});
  // What was refused before stays that.
  for (std::size_t i = 0; i < out.size(); ++i)
    if (item.outcome == Outcome::unchanged && (!stored[i] || out[i].id.text() != stored[i]->value("id", std::string())))
      item.outcome = Outcome::accepted;
  return out;
}

void Drafting::add(std::size_t index, std::vector<store::StoredClaim> const& links, bool dry) {
  Item& item = batch_.items[index];
  Work const& work = *works_[index];
  auto const& kind = work.native.kind();
  auto const& collection = *sender_.directory->collection(kind.collection, *sender_.view);
  Visit const visit{sender_.directory, sender_.statements, sender_.asserter,
                    collection,        sender_.now_us,     sender_.instance_identity};
  store::ClaimPart const part{Role::indicator, key_of(work.native), work.made.subject->id.uuid(),
                              work.made.subject->modified->key(), work.replaces};
  std::vector<store::Candidate> candidates;
  auto const take = [&](stix::Object const& object, Role role, std::optional<store::ClaimKey> link = std::nullopt) {
    if (dry) item.objects.push_back(object.bytes);
    auto candidate = door_.admit_object(object.bytes, visit);
    if (!candidate) {
      for (auto& finding : candidate.error()) finding.pointer = kinds::native_pointer(kind, finding.pointer);
      return refuse(item, std::move(candidate.error()));
    }
    if (dry) item.classes.insert(candidate->class_key);
    candidate->claim = part;
    candidate->claim->role = role;
    if (link || role == Role::succession) candidate->claim->ends = ends_in(object);
    candidate->claim->link = std::move(link);
    candidates.push_back(*std::move(candidate));
  };
  take(*work.made.subject, Role::indicator);
  if (work.made.observable) take(*work.made.observable, Role::observable);
  if (work.made.relationship) take(*work.made.relationship, Role::relationship);
  if (work.made.succession) take(*work.made.succession, Role::succession);
  auto const made = relationships(index, links);
  for (std::size_t i = 0; i < made.size(); ++i) take(made[i], Role::link, key_of(work.links[i]));
  if (item.outcome == Outcome::refused) return;
  auto& draft = drafts_.try_emplace({item.wave, collection.row}, Draft{collection, {}, {}}).first->second;
  for (auto& candidate : candidates) {
    draft.candidates.push_back(std::move(candidate));
    draft.items.push_back(index);
  }
}

void note_unseen(std::vector<Item>& items, std::vector<Referring> const& referring, Shown const& shown) {
  for (auto const& one : referring)
    if (auto const finding = unseen_finding(one, shown))
      items[one.candidate].notes.push_back(core::finding_text(*finding));
}

void drop_dependents(std::vector<Item>& items, Draft& draft) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < draft.items.size(); ++i) {
    refuse_with_its_needs(items, draft.items[i]);
    if (items[draft.items[i]].outcome == Outcome::refused) continue;
    if (kept != i) {
      draft.candidates[kept] = std::move(draft.candidates[i]);
      draft.items[kept] = draft.items[i];
    }
    ++kept;
  }
  draft.candidates.resize(kept);
  draft.items.resize(kept);
}

void note_fates(std::vector<Item>& items, Draft const& draft, ledger::Receipt const& receipt) {
  for (std::size_t i = 0; i < receipt.fates.size(); ++i) {
    Item& item = items[draft.items[i]];
    auto const& fate = receipt.fates[i];
    if (fate.kind == store::Verdict::Kind::refuse) {
      auto finding = fate.error;
      if (item.native) finding.pointer = kinds::native_pointer(item.native->kind(), finding.pointer);
      // Without its indicator nothing of an item is stored: what refused that is what there is to say.
      if (item.findings.empty() || finding.code != Code::claim_contended) refuse(item, {std::move(finding)});
      continue;
    }
    auto const& claim = receipt.candidates[i].claim;
    bool const waits = fate.kind == store::Verdict::Kind::waits;
    if (claim && claim->role != Role::indicator && (!waits || item.outcome == Outcome::waiting)) continue;
    if (waits)
      item.outcome = Outcome::waiting;
    else if (!claim && fate.there)
      item.outcome = Outcome::unchanged;
    if (auto note = store::note_of(receipt.candidates[i], fate); !note.empty()) item.notes.push_back(std::move(note));
  }
}

}  // namespace tocsin::admission
