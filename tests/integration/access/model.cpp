#include "tests/integration/access/model.hpp"

#include <algorithm>

namespace tocsin::test::model {
namespace {

constexpr int kAmber = 2, kAmberStrict = 3;

bool same_chain(Publication const& a, Publication const& b) {
  return a.organisation == b.organisation && a.collection == b.collection && a.object.id == b.object.id && !a.ended &&
         !b.ended;
}

// Whatever the epochs are.
bool same(Class const& a, Class const& b) {
  auto groups = [](Class const& of) {
    std::set<std::size_t> out;
    for (auto const& [audience, epoch] : of.audiences) out.insert(audience);
    return out;
  };
  return a.level == b.level && a.unknown == b.unknown && groups(a) == groups(b) && a.released == b.released;
}

bool contains(std::vector<std::string> const& list, std::string const& one) {
  return std::ranges::find(list, one) != list.end();
}

}  // namespace

std::string instant(std::string const& timestamp) {
  std::string text = timestamp.substr(0, timestamp.size() - 1);  // without the Z
  if (text.find('.') == std::string::npos) text += '.';
  constexpr std::size_t kLength = sizeof("2024-01-01T00:00:00.000000000") - 1;
  text.append(kLength - text.size(), '0');
  return text;
}

std::optional<int> level_of(std::string const& marking) {
  static std::map<std::string, int> const kLevels{
      {"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", 0},
      {"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", 1},
      {"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", 2},
      {"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", 4},
      {"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", 0},
      {"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", 1},
      {"marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", 2},
      {"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", 3},
      {"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", 4},
      {"marking-definition--826578e1-40ad-459f-bc73-ede076f81f37", 3},
  };
  auto found = kLevels.find(marking);
  return found == kLevels.end() ? std::nullopt : std::optional(found->second);
}

bool World::knows(Credential const& who, std::size_t collection) const {
  return who.collections.empty() || who.collections.contains(collection);
}

bool World::may_see(Credential const& who, Publication const& what) const {
  if (!knows(who, what.collection)) return false;
  if (!who.kinds.empty() && !contains(who.kinds, what.object.kind) && !contains(who.kinds, what.object.type))
    return false;
  Class const& seen_as = what.seen_as;
  if (who.highest && seen_as.level > *who.highest) return false;
  if (what.organisation == who.organisation) return true;
  bool reads_others = who.roles.contains("analyst") || who.roles.contains("feed") || who.roles.contains("liaison");
  if (!reads_others || seen_as.unknown) return false;
  Organisation const& reader = organisations[who.organisation];
  if (seen_as.level > reader.clearance) return false;
  if (seen_as.level >= kAmberStrict && seen_as.audiences.empty()) return false;
  for (auto const& [audience, epoch] : seen_as.audiences) {
    auto const& epochs = audiences[audience].epochs;
    if (!epochs[epoch].contains(who.organisation) || !epochs.back().contains(who.organisation)) return false;
  }
  if (reader.type != "government") return true;
  if (seen_as.released) return !reader.authority.empty() && seen_as.released->contains(reader.authority);
  return seen_as.level < kAmber;
}

std::vector<bool> World::submit(std::size_t organisation, std::size_t collection, std::vector<Object> const& objects) {
  std::vector<bool> accepted;
  for (Object const& object : objects) {
    accepted.push_back(accept(organisation, collection, object));
    if (object.statement && accepted.back()) statements_.emplace(organisation, object.id);
  }
  return accepted;
}

Class World::class_of(std::size_t organisation, std::size_t collection, Object const& object, bool once) const {
  std::optional<int> level;
  Class out;
  for (auto const& marking : object.markings) {
    auto audience = std::ranges::find(audiences, marking, &Audience::marking);
    if (auto known = level_of(marking)) {
      level = std::max(level.value_or(0), *known);
    } else if (audience != audiences.end() && !audience->releasable_to.empty()) {
      auto both = audience->releasable_to;
      if (out.released) std::erase_if(both, [&](auto const& code) { return !out.released->contains(code); });
      out.released = both;
    } else if (audience != audiences.end()) {
      bool belongs =
          once ? std::ranges::any_of(audience->epochs, [&](auto const& at) { return at.contains(organisation); })
               : audience->epochs.back().contains(organisation);
      if (belongs)
        out.audiences[static_cast<std::size_t>(audience - audiences.begin())] = audience->epochs.size() - 1;
      else
        out.unknown = true;
    } else if (!statements_.contains({organisation, marking})) {
      out.unknown = true;
    }
  }
  out.level = level.value_or(collections[collection].default_level);
  return out;
}

bool World::accept(std::size_t organisation, std::size_t collection, Object const& object) {
  Chain given{class_of(organisation, collection, object, false), {}};
  Chain& chain = chains_[{organisation, object.id}];
  if (chain.versions.empty()) chain = given;
  for (Object const& version : chain.versions) {
    if (object.versioned && instant(version.version) != instant(object.version)) continue;
    if (version.bytes != object.bytes) return false;
    publish(organisation, collection, object, chain);
    return true;
  }
  if (!same(chain.seen_as, given.seen_as) && !same(chain.seen_as, class_of(organisation, collection, object, true)))
    return false;
  for (Object const& version : chain.versions)
    if (version.revoked && instant(object.version) > instant(version.version)) return false;
  chain.versions.push_back(object);
  publish(organisation, collection, object, chain);
  return true;
}

void World::publish(std::size_t organisation, std::size_t collection, Object const& object, Chain const& chain) {
  for (Publication const& old : publications)
    if (old.organisation == organisation && old.collection == collection && old.object.id == object.id &&
        old.object.version == object.version && !old.ended)
      return;
  publications.push_back({organisation, collection, object, chain.seen_as, "", false});
}

std::size_t World::withdraw(std::size_t organisation, std::size_t collection, std::string const& id,
                            std::string const& version) {
  std::size_t ended = 0;
  for (Publication& one : publications) {
    if (one.ended || one.organisation != organisation || one.collection != collection || one.object.id != id) continue;
    if (!version.empty() && one.object.version != version) continue;
    one.ended = true;
    ++ended;
  }
  return ended;
}

bool World::first_of_chain(Publication const& what) const {
  return std::ranges::none_of(publications, [&](Publication const& other) {
    return same_chain(what, other) && instant(other.version()) < instant(what.version());
  });
}

bool World::last_of_chain(Publication const& what) const {
  return std::ranges::none_of(publications, [&](Publication const& other) {
    return same_chain(what, other) && instant(other.version()) > instant(what.version());
  });
}

bool World::selected(Publication const& what, Filters const& filters) const {
  if (filters.other_spec_version) return false;
  if (!filters.ids.empty() && !filters.ids.contains(what.object.id)) return false;
  if (!filters.types.empty() && !filters.types.contains(what.object.type)) return false;
  if (filters.added_after && instant(what.date) <= instant(*filters.added_after)) return false;
  if (filters.versions.empty()) return last_of_chain(what);
  return std::ranges::any_of(filters.versions, [&](std::string const& wanted) {
    if (wanted == "all") return true;
    if (wanted == "first") return first_of_chain(what);
    if (wanted == "last") return last_of_chain(what);
    return instant(wanted) == instant(what.version());
  });
}

std::vector<std::size_t> World::pull(Credential const& who, std::size_t collection, Filters const& filters,
                                     std::size_t after) const {
  std::vector<std::size_t> places;
  for (std::size_t i = after; i < publications.size(); ++i) {
    Publication const& one = publications[i];
    if (one.collection == collection && !one.ended && may_see(who, one) && selected(one, filters)) places.push_back(i);
  }
  return places;
}

}  // namespace tocsin::test::model
