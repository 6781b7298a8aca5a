#include "server/base/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace tocsin::base {
namespace {

template <class Entries>
auto& find_or_add(Entries& entries, std::string_view name, std::string_view labels) {
  for (auto& entry : entries)
    if (entry.name == name && entry.labels == labels) return entry.metric;
  auto& entry = entries.emplace_back();
  entry.name = name;
  entry.labels = labels;
  return entry.metric;
}

std::string number(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

std::string escaped(std::string_view help) {
  std::string out;
  for (char c : help) out += c == '\\' ? "\\\\" : c == '\n' ? "\\n" : std::string(1, c);
  return out;
}

std::string braces(std::string const& labels) { return labels.empty() ? "" : "{" + labels + "}"; }

std::string histogram_lines(std::string const& name, std::string const& labels, Histogram const& histogram) {
  auto counts = histogram.counts();
  std::string out, prefix = labels.empty() ? "" : labels + ",";
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    total += counts[i];
    std::string bound = i < Histogram::kBounds.size() ? number(Histogram::kBounds[i]) : "+Inf";
    out += name + "_bucket{" + prefix + "le=\"" + bound + "\"} " + std::to_string(total) + "\n";
  }
  out += name + "_sum" + braces(labels) + " " + number(histogram.sum()) + "\n";
  return out + name + "_count" + braces(labels) + " " + std::to_string(total) + "\n";
}

}  // namespace

void Histogram::observe(double seconds) {
  // Negated, so that NaN (a clock that ran backwards and was divided by) counts as zero; 10^9 s keep the sum in range.
  seconds = !(seconds > 0) ? 0 : std::min(seconds, 1e9);
  auto at = std::ranges::lower_bound(kBounds, seconds) - kBounds.begin();
  counts_[static_cast<std::size_t>(at)].fetch_add(1, std::memory_order_relaxed);
  nanoseconds_.fetch_add(static_cast<std::uint64_t>(std::llround(seconds * 1e9)), std::memory_order_relaxed);
}

std::array<std::uint64_t, Histogram::kBounds.size() + 1> Histogram::counts() const {
  std::array<std::uint64_t, kBounds.size() + 1> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = counts_[i].load(std::memory_order_relaxed);
  return out;
}

double Histogram::sum() const { return static_cast<double>(nanoseconds_.load(std::memory_order_relaxed)) / 1e9; }

Counter& Metrics::counter(std::string_view name, std::string_view help, std::string_view labels) {
  std::lock_guard lock(mutex_);
  claim(name, help, "counter");
  return find_or_add(counters_, name, labels);
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, std::string_view labels) {
  std::lock_guard lock(mutex_);
  claim(name, help, "gauge");
  return find_or_add(gauges_, name, labels);
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, std::string_view labels) {
  std::lock_guard lock(mutex_);
  claim(name, help, "histogram");
  return find_or_add(histograms_, name, labels);
}

void Metrics::claim(std::string_view name, std::string_view help, char const* kind) {
  auto [at, added] = families_.try_emplace(std::string(name), Family{std::string(help), kind});
  if (at->second.kind != kind || at->second.help != help)
    throw std::logic_error("metric " + at->first + " is registered twice with different kinds or help texts");
}

std::string Metrics::render() const {
  std::lock_guard lock(mutex_);
  std::map<std::string_view, std::string> lines;
  auto simple = [&](auto const& entries) {
    for (auto const& e : entries)
      lines[e.name] += e.name + braces(e.labels) + " " + std::to_string(e.metric.value()) + "\n";
  };
  simple(counters_);
  simple(gauges_);
  for (auto const& e : histograms_) lines[e.name] += histogram_lines(e.name, e.labels, e.metric);
  std::string out;
  for (auto const& [name, family] : families_) {
    out += "# HELP " + name + " " + escaped(family.help) + "\n# TYPE " + name + " " + family.kind + "\n";
    out += lines[name];
  }
  return out;
}

std::vector<std::string> Metrics::names() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  for (auto const& [name, family] : families_) out.push_back(name);
  return out;
}

}  // namespace tocsin::base
