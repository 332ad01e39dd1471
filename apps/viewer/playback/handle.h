// Handle: how a mouse takes hold of what an environment draws, for any environment.
//
// An environment draws its state s as points p_i(s) in metres. The coordinates q are those states
// that move any point; v_j is the velocity of q_j if a change of v_j changes q_j one step later.
// With J = ∂p/∂q of the point in the hand, pulling it by d = mouse − p means the acceleration
//
//   q̈ = J⁺ k d,   J⁺ = Jᵀ (J Jᵀ + ε I)⁻¹,   k = (2π · 1 Hz)² = 39.5 / s²
//
// so that the point itself moves as if a spring of 1 Hz pulled it, whatever is behind it. It is
// added to the velocities after each step: v ← v + h q̈. This is a force from outside that no
// training knows.
//
// Placing the point at the mouse instead is inverse kinematics: Gauss–Newton steps q ← q + J⁺ d,
// velocities as they are.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "envs/core/environment.h"
#include "envs/drawing/canvas.h"

namespace nabla::viewer {

class Handle {
 public:
  explicit Handle(const envs::Environment& environment);

  // The drawn point that lies nearest to `at` and moves with the state; none if nothing moves.
  std::optional<int> Nearest(const envs::Vector& state, envs::Point at);
  envs::Point PointAt(const envs::Vector& state, int point);

  // The velocities that `seconds` of pulling add; zero elsewhere. [state_size]
  envs::Vector Pull(const envs::Vector& state, int point, envs::Point to, double seconds);

  // The state with the point as near to `to` as it goes.
  envs::Vector Place(envs::Vector state, int point, envs::Point to);

  // The coordinates that move the picture, and for each its velocity (−1: none).
  const std::vector<int>& coordinates() const { return coordinates_; }
  const std::vector<int>& velocities() const { return velocities_; }

 private:
  std::vector<envs::Point> Points(const envs::Vector& state);
  // J [2, coordinates] by central differences.
  envs::Matrix Jacobian(const envs::Vector& state, int point);
  // J⁺ d   [coordinates]
  envs::Vector Solve(const envs::Matrix& jacobian, envs::Point d) const;
  void FindCoordinates();
  void FindVelocities();

  std::unique_ptr<envs::Environment> environment_;
  envs::Vector no_action_;
  std::vector<int> coordinates_;
  std::vector<int> velocities_;
};

}  // namespace nabla::viewer
