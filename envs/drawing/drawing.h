// Pictures that several environments share.
#pragma once

#include <vector>

#include "envs/drawing/canvas.h"

namespace nabla::envs {

struct PolePicture {
  double angle;   // rad from upright, positive towards +x
  double length;  // m
};

struct CartPolesPicture {
  double x = 0;     // m, the cart
  double rail = 0;  // m, half the rail; 0: endless, and the view follows the cart
  std::vector<PolePicture> poles;
  double force = 0;  // in ±1, of the greatest
};
void DrawCartPoles(Canvas& canvas, const CartPolesPicture& picture);

struct TwoLinksPicture {
  double angle_1 = 0;  // rad from straight up, positive clockwise
  double angle_2 = 0;  // the same, of the second link, not relative to the first
  double length_1 = 1;
  double length_2 = 1;
  double torque_1 = 0;  // in ±1, of the greatest, at the first joint
  double torque_2 = 0;  // at the second
};
void DrawTwoLinks(Canvas& canvas, const TwoLinksPicture& picture);

}  // namespace nabla::envs
