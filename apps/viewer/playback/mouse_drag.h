// MouseDrag: drags what an environment draws with the mouse, for any environment.
//
// An environment draws its state s as points p_i(s) in metres. The coordinates q are the states
// that move any point; v_j is the velocity of q_j if changing v_j changes q_j one step later. With
// J = ∂p/∂q of the dragged point and d = mouse − p, the point is pulled with the acceleration
//
//   q̈ = J⁺ k d,   J⁺ = Jᵀ (J Jᵀ + ε I)⁻¹,   k = (2π · 1 Hz)² = 39.5 / s²
//
// so it moves as if on a spring of 1 Hz, whatever the mass. After each step, v ← v + h q̈. No
// training sees this force.
//
// Placing the point at the mouse is inverse kinematics: Gauss–Newton steps q ← q + J⁺ d with
// unchanged velocities.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "envs/core/environment.h"
#include "envs/drawing/canvas.h"

namespace nabla::viewer {

class MouseDrag {
 public:
  explicit MouseDrag(const envs::Environment& environment);

  // The drawn point nearest to `at` that moves with the state; none if no point moves.
  std::optional<int> Nearest(const envs::Vector& state, envs::Point at);
  envs::Point PointAt(const envs::Vector& state, int point);

  // The change of the velocities after pulling for `seconds`; zero elsewhere. [state_size]
  envs::Vector Pull(const envs::Vector& state, int point, envs::Point to, double seconds);

  // The state whose point is as near to `to` as possible.
  envs::Vector Place(envs::Vector state, int point, envs::Point to);

  // Indices of the coordinates q into the state, and of the velocity of each (−1: none).
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
