// Pictures that several environments use.
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
  double rail = 0;  // m, half the rail; 0: an endless rail, the view follows the cart
  std::vector<PolePicture> poles;
  double force = 0;  // relative to the greatest, in ±1
};
void DrawCartPoles(Canvas& canvas, const CartPolesPicture& picture);

struct TwoLinksPicture {
  double angle_1 = 0;  // rad from straight up, positive clockwise
  double angle_2 = 0;  // of the second link, also from straight up
  double length_1 = 1;
  double length_2 = 1;
  double torque_1 = 0;  // at the first joint, relative to the greatest, in ±1
  double torque_2 = 0;  // at the second joint
};
void DrawTwoLinks(Canvas& canvas, const TwoLinksPicture& picture);

}  // namespace nabla::envs
