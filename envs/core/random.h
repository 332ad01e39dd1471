// A random engine with named streams and its own distributions, so that the same seed gives the
// same numbers with every compiler and standard library (std:: distributions differ).
//
// Engine: xoshiro256++ (Blackman & Vigna 2021), seeded with SplitMix64 (Steele et al. 2014).
// A seed and a stream name select a stream. Streams with different names are independent, so an
// extra draw in one part of a run does not shift the numbers in another.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

namespace nabla {

class Rng {
 public:
  using State = std::array<std::uint64_t, 4>;

  explicit Rng(std::uint64_t seed, std::string_view stream = "") {
    std::uint64_t x = seed ^ Hash(stream);
    for (auto& word : state_) word = SplitMix64(x);
  }

  // Uniform over all 64-bit integers.
  std::uint64_t Bits() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // Uniform in [0, 1), a multiple of 2^-53.
  double Uniform() { return static_cast<double>(Bits() >> 11) * 0x1p-53; }
  double Uniform(double low, double high) { return low + (high - low) * Uniform(); }

  // Uniform over 0 … n − 1 for n < 2^32 (Lemire 2019 without the rejection: bias below n / 2^64).
  std::uint64_t Below(std::uint64_t n) {
    return static_cast<std::uint64_t>((static_cast<Wide>(Bits()) * n) >> 64);
  }

  // Standard normal (Box & Muller 1958). Caches nothing: state() is complete.
  double Normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - Uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * Uniform());
  }

  // Two independent standard normal numbers from one draw of the radius.
  std::array<double, 2> NormalPair() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - Uniform()));
    const double angle = 2.0 * std::numbers::pi * Uniform();
    return {radius * std::cos(angle), radius * std::sin(angle)};
  }

  const State& state() const { return state_; }
  void set_state(const State& state) { state_ = state; }

 private:
  __extension__ using Wide = unsigned __int128;

  static std::uint64_t SplitMix64(std::uint64_t& x) {
    std::uint64_t z = (x += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  // FNV-1a of the stream's name, then mixed.
  static std::uint64_t Hash(std::string_view name) {
    std::uint64_t h = 0xcbf29ce484222325u;
    for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return SplitMix64(h);
  }

  State state_;
};

}  // namespace nabla
