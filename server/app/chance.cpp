#include "server/app/chance.hpp"

#include <random>

namespace tocsin::app {

double by_chance() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(random);
}

}  // namespace tocsin::app
