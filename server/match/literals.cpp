#include "server/match/literals.hpp"

#include <hs/hs.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <new>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "server/match/fair_share.hpp"

namespace tocsin::match {
namespace {

using pattern::TextMatch;

// What Vectorscan writes to while it looks: one of each thread, which grows with the databases that it meets.
class Scratch {
 public:
  Scratch() = default;
  Scratch(Scratch const&) = delete;
  Scratch& operator=(Scratch const&) = delete;
  ~Scratch() { hs_free_scratch(scratch_); }

  // `number`: of the database. To ask whether there is room reads all of it, so that is asked once.
  hs_scratch_t* fit_for(hs_database_t const* database, std::uint64_t number) {
    if (number != fits_ && hs_alloc_scratch(database, &scratch_) != HS_SUCCESS) throw std::bad_alloc();
    fits_ = number;
    return scratch_;
  }

 private:
  hs_scratch_t* scratch_ = nullptr;
  std::uint64_t fits_ = 0;  // the number of the last database
};

// What is between wildcards, each once: every value that is like this one has all of it.
std::vector<std::string_view> texts_between(std::string_view like) {
  std::vector<std::string_view> out;
  while (true) {
    auto const end = std::min(like.find_first_of("%_"), like.size());
    if (end > 0) out.push_back(like.substr(0, end));
    if (end == like.size()) break;
    like.remove_prefix(end + 1);
  }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

// What most browsers say of themselves: a text out of it tells nobody from anybody.
constexpr std::array<std::string_view, 4> kBrowsers{
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 "
    "Safari/605.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"};

// Few letters are met by chance, however few patterns have them.
bool is_common(std::string_view text) {
  constexpr std::size_t kTelling = 5;  // bytes
  return text.size() < kTelling || std::ranges::any_of(kBrowsers, [&](auto browser) { return browser.contains(text); });
}

// In how many patterns a text is between wildcards.
using Sharers = std::unordered_map<std::string_view, std::size_t>;

// The text to look a pattern up by: one that is not common, of these what fewest patterns share, of these the longest.
std::string_view rarest(std::vector<std::string_view> const& texts, Sharers const& sharers) {
  return *std::ranges::min_element(texts, {}, [&](std::string_view text) {
    return std::tuple(is_common(text), sharers.at(text), -std::ssize(text));
  });
}

// A name stands for itself and for the domains above it.
bool holds(TextMatch const& whole, Field field, std::string_view text) {
  while (true) {
    if (whole.holds(text)) return true;
    auto const dot = field == Field::domain ? text.find('.') : text.npos;
    if (dot == text.npos) return false;
    text.remove_prefix(dot + 1);
  }
}

hs_database_t* compiled(std::vector<std::string_view> const& texts, std::vector<unsigned> const& ids) {
  std::vector<char const*> starts;
  std::vector<std::size_t> sizes;
  for (auto const& text : texts) {
    starts.push_back(text.data());
    sizes.push_back(text.size());
  }
  std::vector<unsigned> const flags(texts.size(), HS_FLAG_SINGLEMATCH);
  hs_database_t* out = nullptr;
  hs_compile_error_t* error = nullptr;
  auto const done = hs_compile_lit_multi(starts.data(), flags.data(), ids.data(), sizes.data(),
                                         static_cast<unsigned>(texts.size()), HS_MODE_BLOCK, nullptr, &out, &error);
  if (done != HS_SUCCESS) hs_free_compile_error(error);
  return done == HS_SUCCESS ? out : nullptr;
}

int remember(unsigned id, unsigned long long, unsigned long long, unsigned, void* to) {
  static_cast<std::vector<unsigned>*>(to)->push_back(id);
  return 0;
}

}  // namespace

Literals::Literals() = default;
Literals::~Literals() = default;
Literals::Literals(Literals&&) noexcept = default;
Literals& Literals::operator=(Literals&&) noexcept = default;

void Literals::Freed::operator()(hs_database* database) const { hs_free_database(database); }

void Literals::add(Like const& like, IndicatorNumber indicator, SetTable& sets) {
  auto const [at, is_new] = places_.try_emplace(like, rows_.size());
  if (is_new) rows_.push_back({like});
  auto& set = rows_[at->second].set;
  set = sets.add(indicator, set);
}

// Of those that have a text to be looked up by.
std::vector<std::size_t> Literals::chosen(SetTable const& sets, AsserterOf const& asserter_of) const {
  std::vector<std::size_t> able;
  std::vector<std::vector<std::int64_t>> asserters;
  for (std::size_t at = 0; at < rows_.size(); ++at) {
    auto const& [like, set, whole] = rows_[at];
    if (like.text.size() > kLongest || like.text.find_first_not_of("%_") == like.text.npos) continue;
    able.push_back(at);
    for (auto& own = asserters.emplace_back(); auto const number : sets.members(set))
      own.push_back(asserter_of(number));
  }
  auto out = fair_share(asserters, kMost);
  for (auto& place : out) place = able[place];
  return out;
}

void Literals::compile(SetTable const& sets, AsserterOf const& asserter_of) {
  places_.clear();
  std::vector<std::string> normals;
  std::vector<unsigned> ids;
  for (auto const at : chosen(sets, asserter_of)) {
    auto& row = rows_[at];
    auto whole = TextMatch::like(row.like.text, pattern::ObjectPath::Form::text);
    if (!whole) continue;
    row.whole = *std::move(whole);
    normals.push_back(pattern::normal_text(row.like.text));
    ids.push_back(static_cast<unsigned>(at));
  }
  Sharers sharers;
  for (auto const& normal : normals)
    for (auto const text : texts_between(normal)) ++sharers[text];
  std::vector<std::string_view> texts;
  for (auto const& normal : normals) texts.push_back(rarest(texts_between(normal), sharers));
  static std::atomic<std::uint64_t> compilations = 0;
  number_ = ++compilations;
  if (!texts.empty()) database_.reset(compiled(texts, ids));
}

bool Literals::find(Field field, std::string_view text, Shown const& shown, std::size_t& left,
                    std::vector<SetId>& out) const {
  if (!is_compiled()) return true;
  thread_local Scratch scratch;
  thread_local std::vector<unsigned> met;
  met.clear();
  auto const normal = pattern::normal_text(text);
  if (hs_scan(database_.get(), normal.data(), static_cast<unsigned>(normal.size()), 0,
              scratch.fit_for(database_.get(), number_), remember, &met) != HS_SUCCESS)
    throw std::bad_alloc();
  for (auto const id : met) {
    auto const& row = rows_[id];
    if (row.like.field != field || !shown(row.set)) continue;
    if (left < kCost) return false;
    left -= kCost;
    if (holds(*row.whole, field, text)) out.push_back(row.set);
  }
  return true;
}

std::size_t Literals::bytes() const {
  std::size_t out = rows_.capacity() * sizeof(Row);
  for (auto const& row : rows_) out += row.like.text.capacity() + (row.whole ? row.whole->bytes() : 0);
  std::size_t database = 0;
  if (is_compiled() && hs_database_size(database_.get(), &database) == HS_SUCCESS) out += database;
  return out;
}

}  // namespace tocsin::match
