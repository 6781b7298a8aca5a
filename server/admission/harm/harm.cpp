#include "server/admission/harm/harm.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "schema/kinds/shared_rows.hpp"
#include "server/admission/harm/agents.hpp"
#include "server/admission/harm/subjects.hpp"
#include "server/admission/harm/templates.hpp"
#include "server/admission/harm/texts.hpp"

namespace tocsin::admission::harm {
namespace {

using access::Addresses;
using core::Code;
using stix::Json;

constexpr std::string_view kOverride = "Leave it out, or share it with `override` and the reason.";
constexpr std::size_t kMostHits = 8;  // lists that are named

std::string_view noun(Addresses count, std::string_view one, std::string_view many) { return count == 1 ? one : many; }

// Names that are nobody's (RFC 2606, RFC 6761, RFC 8375); those below `example` are for documentation.
struct Name {
  std::string_view name;
  bool documentation = false;
};
constexpr std::array kReservedNames{Name{"example", true},
                                    Name{"example.com", true},
                                    Name{"example.net", true},
                                    Name{"example.org", true},
                                    Name{"test"},
                                    Name{"invalid"},
                                    Name{"localhost"},
                                    Name{"local"},
                                    Name{"internal"},
                                    Name{"arpa"}};

bool is_below(std::string_view name, std::string_view parent) {
  if (!name.ends_with(parent)) return false;
  return name.size() == parent.size() || name[name.size() - parent.size() - 1] == '.';
}

class Judge {
 public:
  Judge(Surroundings const& around, std::string_view pointer) : around_(around), pointer_(pointer) {}

  void subjects(Subjects const& subjects, std::string_view kind) {
    if (subjects.boundless)
      find(Code::value_too_broad, "What the pattern covers cannot be told: it compares by negation, order or MATCHES.",
           "Compare with =, IN, ISSUBSET or LIKE.");
    else if (names_values(kind) && (subjects.names_none() ? !subjects.other_traits : or_others(subjects, kind)))
      find(Code::value_too_broad,
           "What the pattern covers cannot be told: it compares something that this kind does not.",
           "Compare what the short form of the kind compares, and nothing else beside OR.");
    networks(disjoint(subjects.networks));
    numbers(subjects.numbers);
    domains(subjects.domains);
    // Beside an address, a user agent narrows down.
    bool const alone = subjects.networks.empty() && subjects.numbers.empty() && subjects.domains.empty();
    if (alone || subjects.alternatives || kind == "user-agent") agents(subjects.agents);
    if (!subjects.other_traits) mail(subjects.mail_domains);
  }

  // The texts of an object that people wrote for people.
  void texts(Json const& object, std::string const& at) {
    for (auto const* name : {"name", "description", "labels", "collateral_note", "service_names", "provider",
                             "verification_path", "template"})
      if (auto const found = object.find(name); found != object.end()) text(*found, at + "/" + name);
  }

  void prevalence(Json const& native) {
    if (native.value("observed_prevalence", std::string()) == "common")
      found_.push_back({Code::value_common, "You say yourself that the fingerprint is common.", "/observed_prevalence",
                        std::string(kOverride)});
  }

  void prompt_template(Json const& native) {
    static BenignCorpus const nothing;
    for (auto& one : template_findings(native, around_.lists ? around_.lists->prompts() : nothing))
      found_.push_back(std::move(one));
  }

  Findings take() && { return std::move(found_); }

 private:
  // Whose patterns have to name what they cover.
  static bool names_values(std::string_view kind) {
    return kind == "ip-range" || kind == "proxy-asn" || kind == "proxy-domain" || kind == "user-agent" ||
           kind == "account-pattern";
  }
  static bool or_others(Subjects const& subjects, std::string_view kind) {
    return subjects.alternatives && (subjects.others || (subjects.other_traits && kind != "account-pattern"));
  }

  void find(Code code, std::string detail, std::string_view remedy) {
    found_.push_back({code, std::move(detail), std::string(pointer_), std::string(remedy)});
  }

  // Networks that no other of them holds: each address counts once.
  static std::vector<access::Network> disjoint(std::vector<access::Network> networks) {
    std::ranges::sort(networks);
    auto const inside = [](auto const& wide, auto const& narrow) { return wide.contains(narrow); };
    networks.erase(std::unique(networks.begin(), networks.end(), inside), networks.end());
    return networks;
  }

  void networks(std::vector<access::Network> const& networks) {
    Addresses all = 0;
    for (auto const& network : networks) all += access::addresses_in(network);
    auto const& bounds = around_.bounds;
    auto const wide = [&](auto const& one) {
      return one.length() < (one.is_v4() ? bounds.widest_v4 : bounds.widest_v6);
    };
    if (auto const one = std::ranges::find_if(networks, wide); one != networks.end())
      found_.push_back(too_many_addresses(access::addresses_in(*one), one->is_v4(), bounds, pointer_));
    for (auto const& network : networks)
      if (auto const* reserved = access::reservation_of(network);
          reserved != nullptr && reserve(*reserved, "addresses"))
        break;
    if (around_.lists)
      for (auto const& hit : first_of(around_.lists->of(networks)))
        listed(access::text_of(hit.count) + " of its " + access::text_of(all) +
                   std::string(noun(all, " address", " addresses")),
               hit);
    // Every list is asked, whatever the first says: how long it takes tells nothing.
    bool protected_range = false;
    for (auto const& own : around_.others)
      for (auto const& network : networks) protected_range |= own->of(network) > 0;
    if (protected_range) protect();
  }

  void numbers(std::vector<access::AsNumber> const& numbers) {
    for (auto const number : numbers)
      if (auto const* reserved = access::reservation_of(number); reserved != nullptr && reserve(*reserved, "numbers"))
        break;
    if (around_.lists)
      for (auto const& hit : first_of(around_.lists->of(numbers)))
        listed(access::text_of(hit.count) + " of its " + std::to_string(numbers.size()) +
                   std::string(noun(numbers.size(), " autonomous system", " autonomous systems")),
               hit);
    bool protected_number = false;
    for (auto const& own : around_.others)
      for (auto const number : numbers) protected_number |= own->has(number);
    if (protected_number) protect();
  }

  void domains(std::vector<std::string> const& domains) {
    if (std::ranges::any_of(domains, [](auto const& one) { return one.find('.') == one.npos; }))
      find(Code::value_too_broad, "A name of one label is a whole top-level domain, or more.",
           "Name the domain that the proxies are in.");
    for (auto const& row : kReservedNames)
      if (std::ranges::any_of(domains, [&](auto const& one) { return is_below(one, row.name); }))
        if (reserve({row.documentation ? "documentation" : "special use", row.documentation}, "names")) break;
    if (!around_.lists) return;
    for (auto const& hit : first_of(around_.lists->of(domains)))
      listed(access::text_of(hit.count) + std::string(noun(hit.count, " name", " names")) + " at or below it", hit);
  }

  void agents(std::vector<Subjects::Agent> const& agents) {
    auto worst = Client::nothing;
    bool like = false;
    for (auto const& agent : agents)
      if (auto const client = covered_by(agent.text, agent.like); client > worst) worst = client, like = agent.like;
    if (worst == Client::nothing) return;
    auto const who = std::string(name_of(worst));
    if (worst == Client::library || (worst == Client::browser && !like))
      find(Code::value_common, "This is what " + who + " sends: innocent programs and people come with it.", kOverride);
    else
      find(Code::value_too_broad, "It takes the user agent of " + who + ".",
           "Say more of the user agent, so that only the attack's clients come with it.");
  }

  void mail(std::vector<std::string> const& domains) {
    if (!around_.lists) return;
    for (auto const& hit : first_of(around_.lists->of_mail(domains)))
      find(Code::value_common,
           "It rests on a mail domain alone, and that is on the list `" + std::string(hit.list) +
               "` of domains where many innocent people have their mail.",
           "Add another trait, or share it with `override` and the reason.");
  }

  // Whether it was found: what is for documentation is not, where it is taken.
  bool reserve(access::Reservation const& reserved, std::string_view what) {
    if (reserved.documentation && around_.bounds.documentation) return false;
    find(Code::value_reserved,
         "These " + std::string(what) + " are reserved, or some of them, for " + std::string(reserved.what) + ".",
         reserved.documentation ? "Only a demonstration instance (`tocsind init --demo`) takes them."
                                : "Share what attacks come from on the Internet.");
    return true;
  }

  void listed(std::string const& how_much, AllowLists::Hit const& hit) {
    find(Code::value_allow_listed,
         "The allow list `" + std::string(hit.list) + "` has " + how_much + ": innocent users would be hit.",
         kOverride);
  }

  void protect() { find(Code::value_protected, "It overlaps a protected range.", kOverride); }

  static std::vector<AllowLists::Hit> first_of(std::vector<AllowLists::Hit> hits) {
    if (hits.size() > kMostHits) hits.resize(kMostHits);
    return hits;
  }

  void text(Json const& value, std::string const& at) {
    if (value.is_array())
      for (std::size_t i = 0; i < value.size(); ++i) text(value[i], at + "/" + std::to_string(i));
    if (!value.is_string()) return;
    auto const& words = value.get_ref<std::string const&>();
    if (around_.lists)
      for (auto const& hit : first_of(around_.lists->named_in(words)))
        found_.push_back({Code::organisation_named,
                          "The text names " + access::text_of(hit.count) +
                              std::string(noun(hit.count, " organisation", " organisations")) + " of the list `" +
                              std::string(hit.list) + "`: it describes conduct, and blames nobody.",
                          at, "Take it out, or share it with `override` and the reason."});
    auto const signs = signs_in(words);
    if (signs.key || signs.card)
      found_.push_back(
          {Code::secret_in_text,
           std::string("The text holds ") + (signs.key ? "a key or token." : "the number of a payment card."), at,
           signs.key ? "Take it out, and change the key where it is used." : "Take it out."});
    if (signs.email || signs.phone)
      found_.push_back({Code::personal_data_in_text,
                        std::string("The text holds ") + (signs.email ? "an e-mail address." : "a telephone number."),
                        at, "Take it out, or share it with `override` and the reason."});
  }

  Surroundings const& around_;
  std::string_view pointer_;
  Findings found_;
};

}  // namespace

Findings findings(kinds::Native const& native, Surroundings const& around) {
  auto const& document = native.document();
  Judge judge(around, document.contains("value") ? "/value" : document.contains("email_domain") ? "/email_domain" : "");
  if (native.kind().makes_indicator()) judge.subjects(subjects_of(native.pattern()), native.kind().name);
  judge.prevalence(document);
  judge.prompt_template(document);
  judge.texts(document, "");
  return std::move(judge).take();
}

Findings findings(stix::Json const& indicator, std::string_view kind, Surroundings const& around) {
  Judge judge(around, "/pattern");
  judge.subjects(subjects_of(indicator.value("pattern", std::string())), kind);
  judge.texts(indicator, "");
  auto const& facts = indicator.at("extensions").at(kinds::kIndicatorExtension);
  judge.texts(facts, "/extensions/" + std::string(kinds::kIndicatorExtension));
  return std::move(judge).take();
}

core::Error too_many_addresses(Addresses count, bool v4, Bounds const& bounds, std::string_view pointer) {
  int const widest = v4 ? bounds.widest_v4 : bounds.widest_v6;
  return {Code::value_too_broad,
          access::text_of(count) + (v4 ? " addresses of IPv4" : " addresses of IPv6") +
              " are too many for one indicator: the widest is a /" + std::to_string(widest) + ", with " +
              access::text_of(Addresses{1} << ((v4 ? 32 : 128) - widest)) + ".",
          std::string(pointer), "Share the narrower networks that attacks come from."};
}

bool may_be_overridden(Code code) {
  using enum Code;
  return code == value_allow_listed || code == value_protected || code == value_common ||
         code == personal_data_in_text || code == organisation_named || code == marking_below_member;
}

}  // namespace tocsin::admission::harm
