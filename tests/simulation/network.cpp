#include "tests/simulation/network.hpp"

#include <algorithm>

#include "tests/simulation/virtual_time.hpp"

namespace tocsin::simulation {
namespace {

using federation::PeerAnswer;
using Answer = core::Result<PeerAnswer>;

std::unexpected<core::Error> failed(char const* why) { return core::fail(core::Code::io_failed, why); }

}  // namespace

class Network::Connection final : public federation::Transport {
 public:
  Connection(Network& network, std::size_t from, std::size_t to) : network_(network), from_(from), to_(to) {}
  Answer get(std::string const& target, std::size_t most_bytes, std::chrono::milliseconds) override {
    auto answer = network_.get(from_, to_, target);
    if (answer && answer->body.size() > most_bytes) return failed("The answer is too large.");
    return answer;
  }
  Answer post(std::string const& target, std::string const&, std::string const& body, std::size_t,
              std::chrono::milliseconds) override {
    return network_.post(from_, to_, target, body);
  }
  void stop() override {}

 private:
  Network& network_;
  std::size_t const from_, to_;
};

std::unique_ptr<federation::Transport> Network::connect(std::size_t from, std::size_t to) {
  return std::make_unique<Connection>(*this, from, to);
}

void Network::cut(std::size_t one, std::size_t other) { cut_.insert(std::minmax(one, other)); }
void Network::mend(std::size_t one, std::size_t other) { cut_.erase(std::minmax(one, other)); }

void Network::heal() {
  healed_ = true;
  cut_.clear();
  cache_.clear();
}

bool Network::connects(std::size_t from, std::size_t to) const {
  return ends_.runs(to) && !cut_.contains(std::minmax(from, to)) && !is_severed(severed_, from, to);
}

// Mostly a few milliseconds, sometimes seconds.
std::int64_t Network::latency() {
  auto const ms = random_.chance(healed_ ? 0 : 8) ? 100 + random_.below(4'000) : 1 + random_.below(20);
  return static_cast<std::int64_t>(ms) * kMillisecond;
}

Answer Network::get(std::size_t from, std::size_t to, std::string const& target) {
  auto const what = "n" + std::to_string(from) + " asks n" + std::to_string(to) + " " + target;
  ++messages_;
  ends_.pass(from, latency());
  if (!connects(from, to) || loses()) {
    history_.note(what + ": unreachable");
    return failed("The peer cannot be reached.");
  }
  auto answer = ends_.get(from, to, target);
  if (target.ends_with("/checkpoint") && answer && answer->status == 200) {
    auto& before = cache_[{{from, to}, target}];
    if (!healed_ && !before.body.empty() && random_.chance(2)) {
      history_.note(what + ": an answer of before");
      answer = before;
    }
    before = *answer;
  }
  ends_.pass(from, latency());
  if (!connects(from, to) || loses()) {
    history_.note(what + ": the answer is lost");
    return core::fail(core::Code::request_timeout, "The peer did not answer in time.");
  }
  history_.note(
      what + ": " +
      (answer ? std::to_string(answer->status) + ", " + std::to_string(answer->body.size()) : answer.error().detail));
  return answer;
}

// A receipt may arrive although nobody hears of it, twice, and long after a newer one.
Answer Network::post(std::size_t from, std::size_t to, std::string const& target, std::string const& body) {
  ++messages_;
  ends_.pass(from, latency());
  if (!connects(from, to) || loses()) return failed("The peer cannot be reached.");
  auto answer = ends_.post(from, to, target, body);
  if (!healed_ && random_.chance(10))
    ends_.later(static_cast<std::int64_t>(random_.below(20'000)) * kMillisecond, [this, from, to, target, body] {
      if (connects(from, to)) (void)ends_.post(from, to, target, body);
    });

  ends_.pass(from, latency());
  if (!connects(from, to) || loses())
    return core::fail(core::Code::request_timeout, "The peer did not answer in time.");
  return answer;
}

}  // namespace tocsin::simulation
