//! Codes with their scales and zero points, as operators of quantised networks read them.

use super::attributes::Attributes;
use super::constant::{Constant, Integer, Values};
use super::lower::{Lowering, Trouble, Value};
use super::steps::Codes;
use crate::proto::Node;

impl Lowering {
    /// Weights that a node reads as codes, scales and zero points.
    pub(super) fn weight(
        &self,
        node: &Node,
        places: [usize; 3],
        axis: i64,
    ) -> Result<Constant, Trouble> {
        let [codes, scales, zeros] = places;
        let zeros = self.optional(node, zeros)?;
        let (codes, scales) = (self.constant(node, codes)?, self.constant(node, scales)?);
        Ok(codes.dequantised(&scales, zeros.as_deref(), axis)?)
    }

    /// A bias in units of the sum: products of a weight's code and an input's.
    pub(super) fn bias(
        &self,
        node: &Node,
        place: usize,
        input_scale: usize,
        weight: &Constant,
    ) -> Result<Option<Vec<f32>>, Trouble> {
        let Some(bias) = self.optional(node, place)? else { return Ok(None) };
        let scale = self.constant(node, input_scale)?.scalar().ok_or("it has no input scale")?;
        let Values::Codes { scales, .. } = &weight.values else {
            return Err("its weights are no codes".into());
        };
        let unit = |output: usize| f64::from(scale) * f64::from(scales[output % scales.len()]);
        let values = bias.reals().into_iter().enumerate();
        Ok(Some(values.map(|(output, units)| (f64::from(units) * unit(output)) as f32).collect()))
    }

    /// What codes of this scale and zero point stand for.
    pub(super) fn codes(&self, node: &Node, scale: usize, zero: usize) -> Result<Codes, Trouble> {
        let scale = self.constant(node, scale)?.scalar().ok_or("it has one scale a channel")?;
        let zero = self.optional(node, zero)?;
        let kind = zero.as_ref().map_or(Some(Integer::UInt8), |zero| zero.integer());
        let (least, most) = kind.and_then(Integer::range).ok_or("its codes are not of 8 bits")?;
        let zero = zero.map_or(Some(0), |zero| zero.scalar().map(|zero| zero as i32));
        let zero = zero.ok_or("it has one zero point a channel")?;
        if !(scale.is_normal() && scale > 0.0) {
            return Err("its scale is not positive".into());
        }
        Ok(Codes { scale, least: least - zero, most: most - zero })
    }

    pub(super) fn quantise(&mut self, node: &Node) -> Result<Value, Trouble> {
        match self.input(node, 0)? {
            Value::Constant(constant) => {
                let axis = Attributes::of(node).int("axis", 1);
                let zeros = self.constant(node, 2)?;
                Ok(Value::of(constant.quantised(&*self.constant(node, 1)?, &zeros, axis)?))
            }
            Value::Step(number) => {
                let codes = self.codes(node, 1, 2)?;
                self.steps[number].codes.get_or_insert(codes);
                Ok(Value::Step(number))
            }
            // The image has codes of its own here.
            image @ Value::Image(_) => Ok(image),
            _ => Err("it reads what no layer gives".into()),
        }
    }

    pub(super) fn dequantise(&mut self, node: &Node) -> Result<Value, Trouble> {
        match self.input(node, 0)? {
            Value::Constant(_) => {
                let axis = Attributes::of(node).int("axis", 1);
                self.weight(node, [0, 1, 2], axis).map(Value::of)
            }
            value => Ok(value),
        }
    }
}
