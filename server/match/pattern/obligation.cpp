#include "server/match/pattern/obligation.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::match::pattern {
namespace {

using Kind = Obligation::Kind;

std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ value >> 31) * 0x9E3779B97F4A7C15u;
  return value ^ value >> 29;
}

Rest finished(Obligation node) {
  std::uint64_t shape = mixed(static_cast<std::uint64_t>(node.kind) + 8 * node.leaf) ^ mixed(node.width + 1);
  if (node.opened) shape += 0x632BE59BD9B4E019u;
  std::uint64_t place = 1;
  for (auto const& part : node.parts) {
    shape += mixed(part.what->shape * place) * mixed(part.times);
    if (node.kind == Kind::sequence) place += 2;  // the parts of the others have no order
  }
  node.shape = mixed(shape);
  return std::make_shared<Obligation const>(std::move(node));
}

// One of part `at` becomes `rest`; null when nothing of the parts is left.
Rest all_after(Obligation const& all, std::size_t at, Rest const& rest) {
  Obligation out{.kind = Kind::all};
  for (std::size_t i = 0; i < all.parts.size(); ++i) {
    Part part = all.parts[i];
    if (i == at) --part.times;
    if (part.times > 0) out.parts.push_back(std::move(part));
  }
  auto const same = std::ranges::find(out.parts, rest, &Part::what);
  if (same != out.parts.end()) {
    ++same->times;
  } else if (rest) {
    out.parts.push_back({rest, 1});
  }
  if (out.parts.empty()) return nullptr;
  if (out.parts.size() == 1 && out.parts.front().times == 1) return out.parts.front().what;
  return finished(std::move(out));
}

// What cannot be earlier than `now` need not be said to come after an instant before it.
std::int64_t unless_past(std::int64_t bound, std::int64_t now) { return bound <= now ? kAnyTime : bound; }

Rest sequence_after(Obligation const& before, Occurrence const& occurrence, Rest const& rest) {
  std::int64_t const latest = std::max(before.latest, occurrence.last);
  Obligation out{.kind = Kind::sequence, .parts = before.parts};
  if (rest) {
    out.parts.front().what = rest;
    out.not_before = unless_past(before.not_before, occurrence.first);
    out.latest = unless_past(latest, occurrence.first);
    return finished(std::move(out));
  }
  out.parts.erase(out.parts.begin());
  out.not_before = unless_past(latest, occurrence.first);
  if (out.parts.empty()) return nullptr;
  if (out.parts.size() == 1 && out.not_before == kAnyTime) return out.parts.front().what;
  return finished(std::move(out));
}

void derive_all(Obligation const& all, Occurrence const& occurrence, std::vector<Rest>& out) {
  std::vector<Rest> inner;
  for (std::size_t at = 0; at < all.parts.size(); ++at) {
    inner.clear();
    derive(all.parts[at].what, occurrence, inner);
    for (auto const& rest : inner) out.push_back(all_after(all, at, rest));
  }
}

void derive_sequence(Obligation const& before, Occurrence const& occurrence, std::vector<Rest>& out) {
  if (occurrence.first < before.not_before) return;
  std::vector<Rest> inner;
  derive(before.parts.front().what, occurrence, inner);
  for (auto const& rest : inner) out.push_back(sequence_after(before, occurrence, rest));
}

void derive_window(Obligation const& before, Occurrence const& occurrence, std::vector<Rest>& out) {
  std::int64_t const opened = before.opened.value_or(occurrence.first);
  // Unsigned, because the difference of two instants may be more than an int64_t holds; it is never negative.
  if (static_cast<std::uint64_t>(occurrence.last) - static_cast<std::uint64_t>(opened) >= before.width) return;
  std::vector<Rest> inner;
  derive(before.parts.front().what, occurrence, inner);
  for (auto const& rest : inner) {
    if (!rest) {
      out.push_back(nullptr);
    } else {
      out.push_back(finished({.kind = Kind::window, .parts = {{rest, 1}}, .width = before.width, .opened = opened}));
    }
  }
}

}  // namespace

Rest leaf(std::size_t number) { return finished({.kind = Kind::leaf, .leaf = number}); }

Rest any_of(std::vector<Rest> parts) {
  Obligation out{.kind = Kind::any};
  for (auto& part : parts) out.parts.push_back({std::move(part), 1});
  return finished(std::move(out));
}

Rest all_of(std::vector<Part> parts) {
  Obligation out{.kind = Kind::all};
  for (auto const& part : parts) {
    if (part.what->kind != Kind::all) {
      out.parts.push_back(part);
      continue;
    }
    for (auto const& inner : part.what->parts) {
      std::uint64_t product = 0;
      if (__builtin_mul_overflow(inner.times, part.times, &product))
        product = std::numeric_limits<std::uint64_t>::max();
      out.parts.push_back({inner.what, product});
    }
  }
  if (out.parts.size() == 1 && out.parts.front().times == 1) return out.parts.front().what;
  return finished(std::move(out));
}

Rest sequence(std::vector<Rest> parts) {
  Obligation out{.kind = Kind::sequence};
  for (auto& part : parts) out.parts.push_back({std::move(part), 1});
  return finished(std::move(out));
}

Rest window(std::uint64_t width, Rest part) {
  if (part->kind == Kind::window) return window(std::min(width, part->width), part->parts.front().what);
  return finished({.kind = Kind::window, .parts = {{std::move(part), 1}}, .width = width});
}

void derive(Rest const& rest, Occurrence const& occurrence, std::vector<Rest>& out) {
  switch (rest->kind) {
    case Kind::leaf:
      if (occurrence.met[rest->leaf]) out.push_back(nullptr);
      break;
    case Kind::any:
      for (auto const& part : rest->parts) derive(part.what, occurrence, out);
      break;
    case Kind::all:
      derive_all(*rest, occurrence, out);
      break;
    case Kind::sequence:
      derive_sequence(*rest, occurrence, out);
      break;
    case Kind::window:
      derive_window(*rest, occurrence, out);
      break;
  }
}

std::size_t size_of(Obligation const& rest) {
  std::size_t sum = 1;
  for (auto const& part : rest.parts) sum += size_of(*part.what);
  return sum;
}

bool expired(Obligation const& rest, std::int64_t now) {
  if (rest.opened && static_cast<std::uint64_t>(now) - static_cast<std::uint64_t>(*rest.opened) >= rest.width)
    return true;
  if (rest.kind == Kind::any) return false;  // nothing of it was taken, so nothing in it is open
  return std::ranges::any_of(rest.parts, [&](Part const& part) { return expired(*part.what, now); });
}

}  // namespace tocsin::match::pattern
