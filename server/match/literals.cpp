#include "server/match/literals.hpp"

#include <hs/hs.h>

#include <algorithm>
#include <new>
#include <string>
#include <utility>

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

  hs_scratch_t* fit_for(hs_database_t const* database) {
    if (hs_alloc_scratch(database, &scratch_) != HS_SUCCESS) throw std::bad_alloc();
    return scratch_;
  }

 private:
  hs_scratch_t* scratch_ = nullptr;
};

// The longest text between wildcards: every value that is like this one has it.
std::string_view longest_literal(std::string_view like) {
  std::string_view out;
  while (true) {
    auto const end = std::min(like.find_first_of("%_"), like.size());
    if (end > out.size()) out = like.substr(0, end);
    if (end == like.size()) return out;
    like.remove_prefix(end + 1);
  }
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

hs_database_t* compiled(std::vector<std::string> const& texts, std::vector<unsigned> const& ids) {
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

void Literals::compile() {
  places_.clear();
  std::vector<std::string> texts;
  std::vector<unsigned> ids;
  for (std::size_t at = 0; at < rows_.size() && texts.size() < kMost; ++at) {
    auto& row = rows_[at];
    if (row.like.text.size() > kLongest) continue;
    auto const normal = pattern::normal_text(row.like.text);
    auto const literal = longest_literal(normal);
    auto whole = TextMatch::like(row.like.text, pattern::ObjectPath::Form::text);
    if (literal.empty() || !whole) continue;
    row.whole = *std::move(whole);
    texts.emplace_back(literal);
    ids.push_back(static_cast<unsigned>(at));
  }
  if (!texts.empty()) database_.reset(compiled(texts, ids));
}

bool Literals::find(Field field, std::string_view text, Shown const& shown, std::size_t& left,
                    std::vector<SetId>& out) const {
  if (!is_compiled()) return true;
  thread_local Scratch scratch;
  thread_local std::vector<unsigned> met;
  met.clear();
  auto const normal = pattern::normal_text(text);
  if (hs_scan(database_.get(), normal.data(), static_cast<unsigned>(normal.size()), 0, scratch.fit_for(database_.get()),
              remember, &met) != HS_SUCCESS)
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
