//! Losses, learning rates and optimisers against PyTorch's.

use std::collections::HashMap;

use burn::backend::{Autodiff, Flex};
use burn::module::{AutodiffModule, Module, ModuleVisitor, Param, ParamId};
use burn::optim::GradientsParams;
use burn::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tagsight_core::Architecture;
use tagsight_core::Preprocessing;
use tagsight_network::Segment;
use tagsight_train::loss::{Distillation, Loss, LossConfig};
use tagsight_train::model::{Network, Precision, normalised};
use tagsight_train::optim::{
    GradientSum, LayerRate, Optimizer, OptimizerConfig, Schedule, ScheduleConfig, Settings,
};

use crate::pipeline::signal_to_noise;
use crate::{formula, golden_json};

type Training = Autodiff<Flex>;

/// Ours is float32, the reference float64: some roundings of a loss of about ten.
const LOSS_TOLERANCE: f64 = 1e-5;
/// Gradients are at most about one.
const GRADIENT_TOLERANCE: f64 = 2e-6;
/// Both are float64.
const RATE_TOLERANCE: f64 = 1e-12;
/// Ten float32 steps of parameters of about one.
const PATH_TOLERANCE: f64 = 1e-5;

fn numbers(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|value| value.as_f64().unwrap() as f32).collect()
}

fn parsed<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

fn worst(ours: &[f32], theirs: &[f32]) -> f64 {
    assert_eq!(ours.len(), theirs.len());
    let differences = ours.iter().zip(theirs).map(|(a, b)| f64::from((a - b).abs()));
    differences.fold(0.0, f64::max)
}

fn matrix<B: Backend>(value: &Value, columns: usize) -> Tensor<B, 2> {
    let values = numbers(value);
    let shape = [values.len() / columns, columns];
    Tensor::from_data(TensorData::new(values, shape), &Default::default())
}

/// Value and gradient of a loss.
fn evaluate(golden: &Value, case: &Value) -> (f64, Vec<f32>) {
    let frequencies = numbers(&golden["frequencies"]);
    let read = |name: &str| matrix::<Training>(&golden[name], frequencies.len());
    let config: LossConfig = parsed(&case["loss"]);
    let smoothing = case["label_smoothing"].as_f64().unwrap_or(0.0);
    let taught: Option<Distillation> = case.get("distillation").map(parsed);
    let loss = Loss::new(
        &config,
        smoothing,
        taught.unwrap_or_default(),
        &frequencies,
        &Default::default(),
    );
    let logits = read("logits").require_grad();
    let targets = read(case["targets"].as_str().unwrap());
    let value = loss.of(logits.clone(), targets, taught.map(|_| read("teacher")));
    let gradients = value.backward();
    let gradient = logits.grad(&gradients).unwrap().into_data().to_vec().unwrap();
    (f64::from(value.into_scalar()), gradient)
}

#[test]
fn losses_and_their_gradients_are_pytorchs() {
    let golden = &golden_json("recipe.json")["losses"];
    let cases = golden["cases"].as_array().unwrap();
    assert!(cases.len() > 20);
    for case in cases {
        let (value, gradient) = evaluate(golden, case);
        let expected = case["value"].as_f64().unwrap();
        assert!((value - expected).abs() < LOSS_TOLERANCE, "{case}: {value} {expected}");
        let difference = worst(&gradient, &numbers(&case["gradient"]));
        assert!(difference < GRADIENT_TOLERANCE, "{case}: {difference}");
    }
}

/// The comparison must notice another setting.
#[test]
fn another_loss_is_noticed() {
    let golden = &golden_json("recipe.json")["losses"];
    for case in golden["cases"].as_array().unwrap() {
        let mut other = case.clone();
        other["label_smoothing"] = json!(case["label_smoothing"].as_f64().unwrap_or(0.0) + 0.01);
        // With a teacher alone, labels count for nothing.
        let taught_alone = case["distillation"]["weight"].as_f64() == Some(1.0);
        let difference = worst(&evaluate(golden, &other).1, &numbers(&case["gradient"]));
        assert_eq!(difference > GRADIENT_TOLERANCE, !taught_alone, "{case}: {difference}");
    }
}

/// A loss of one photo's outputs and its gradient, from two photos that are alike.
fn of_one(config: &Value, smoothing: f64, outputs: &[f32], targets: &[f32]) -> (f64, Vec<f32>) {
    let device = Default::default();
    let frequencies = vec![0.5; outputs.len()];
    let loss =
        Loss::new(&parsed(config), smoothing, Distillation::default(), &frequencies, &device);
    let twice = |row: &[f32]| {
        let data = TensorData::new([row, row].concat(), [2, row.len()]);
        Tensor::<Training, 2>::from_data(data, &device)
    };
    let logits = twice(outputs).require_grad();
    let value = loss.of(logits.clone(), twice(targets), None);
    let gradients = value.backward();
    let gradient: Vec<f32> = logits.grad(&gradients).unwrap().into_data().to_vec().unwrap();
    let (first, second) = gradient.split_at(outputs.len());
    assert_eq!(first, second);
    (f64::from(value.into_scalar()), first.iter().map(|one| 2.0 * one).collect())
}

/// By hand: e¹ : e² : e⁰ are probabilities of 0.244728, 0.665241 and 0.090031, and the gradient is what
/// they differ by from the targets.
#[test]
fn cross_entropy_is_what_the_truth_surprises_by() {
    let config = json!({"name": "cross-entropy"});
    let (logits, targets) = ([1.0, 2.0, 0.0], [0.0, 1.0, 0.0]);
    let (value, gradient) = of_one(&config, 0.0, &logits, &targets);
    assert!((value - 0.407_606).abs() < LOSS_TOLERANCE, "{value}");
    assert!(worst(&gradient, &[0.244_728, -0.334_759, 0.090_031]) < GRADIENT_TOLERANCE);
    // Targets of 0.1, 0.8 and 0.1.
    let (value, gradient) = of_one(&config, 0.3, &logits, &targets);
    assert!((value - 0.707_606).abs() < LOSS_TOLERANCE, "{value}");
    assert!(worst(&gradient, &[0.144_728, -0.134_759, -0.009_969]) < GRADIENT_TOLERANCE);
}

/// By hand: errors of ½ and −3.
#[test]
fn losses_of_values_are_squared_or_linear_beyond_delta() {
    let cases = [
        (json!({"name": "mse"}), 9.25, [1.0, -6.0]),
        (json!({"name": "huber"}), 0.125 + 2.5, [0.5, -1.0]),
        (json!({"name": "huber", "delta": 2.0}), 0.125 + 4.0, [0.5, -2.0]),
        (json!({"name": "huber", "delta": 4.0}), 0.125 + 4.5, [0.5, -3.0]),
    ];
    for (config, expected, slopes) in cases {
        // Values are not smoothed.
        let (value, gradient) = of_one(&config, 0.1, &[1.0, -2.0], &[0.5, 1.0]);
        assert!((value - expected).abs() < LOSS_TOLERANCE, "{config}: {value}");
        assert!(worst(&gradient, &slopes) < GRADIENT_TOLERANCE, "{config}: {gradient:?}");
    }
}

/// Logits so large that probabilities are 0 or 1 to float32.
#[test]
fn sure_answers_have_finite_losses_and_gradients() {
    let rows = [[200.0f32, -200.0, 30.0, -30.0], [200.0, -200.0, 30.0, -30.0]];
    for text in [
        json!({"name": "bce"}),
        json!({"name": "focal"}),
        json!({"name": "focal", "gamma": 0.5}),
        json!({"name": "asymmetric"}),
        json!({"name": "asymmetric", "gamma_positive": 0.5, "clip": 0.0}),
        json!({"name": "cross-entropy"}),
    ] {
        let device = Default::default();
        let distillation = Distillation { weight: 0.5, temperature: 2.0 };
        let loss = Loss::<Training>::new(&parsed(&text), 0.0, distillation, &[0.5; 4], &device);
        let logits = Tensor::<Training, 2>::from_data(rows, &device).require_grad();
        let targets = Tensor::from_data([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]], &device);
        let value = loss.of(logits.clone(), targets.clone(), Some(targets));
        let gradients = value.backward();
        assert!(value.into_scalar().is_finite(), "{text}");
        let gradient: Vec<f32> = logits.grad(&gradients).unwrap().into_data().to_vec().unwrap();
        assert!(gradient.iter().all(|value| value.is_finite()), "{text}: {gradient:?}");
    }
}

#[test]
fn learning_rates_are_pytorchs() {
    let golden = &golden_json("recipe.json")["schedules"];
    let size = |key: &str| golden[key].as_u64().unwrap() as usize;
    for case in golden["cases"].as_array().unwrap() {
        let schedule = Schedule {
            shape: parsed::<ScheduleConfig>(&case["schedule"]),
            peak: golden["peak"].as_f64().unwrap(),
            epochs: size("epochs"),
            epoch_steps: size("epoch_steps"),
        };
        let expected = case["rates"].as_array().unwrap();
        assert_eq!(expected.len(), schedule.epochs * schedule.epoch_steps);
        for (step, expected) in expected.iter().enumerate() {
            let (ours, theirs) = (schedule.rate(step), expected.as_f64().unwrap());
            let what = &case["schedule"];
            assert!((ours - theirs).abs() < RATE_TOLERANCE, "{what}, step {step}: {ours} {theirs}");
        }
    }
}

/// A weight matrix, which decays, and a bias, which does not.
#[derive(Module, Debug)]
struct Pair<B: Backend> {
    weight: Param<Tensor<B, 2>>,
    bias: Param<Tensor<B, 1>>,
}

impl Pair<Training> {
    fn new(golden: &Value) -> Self {
        let device = Default::default();
        let bias = numbers(&golden["bias"]);
        let weight = matrix(&golden["weight"], bias.len());
        let bias = Tensor::from_data(bias.as_slice(), &device);
        Self {
            weight: Param::initialized(ParamId::from(1), weight.require_grad()),
            bias: Param::initialized(ParamId::from(2), bias.require_grad()),
        }
    }

    /// The gradients of a sum in which the parameters have these factors.
    fn gradients(&self, factors: &Value) -> GradientsParams {
        let bias = numbers(&factors[1]);
        let weight: Tensor<Training, 2> = matrix(&factors[0], bias.len());
        let bias = Tensor::<Training, 1>::from_data(bias.as_slice(), &Default::default());
        let sum = (self.weight.val() * weight).sum() + (self.bias.val() * bias).sum();
        GradientsParams::from_grads(sum.backward(), self)
    }

    fn values(&self) -> Vec<f32> {
        let weight: Vec<f32> = self.weight.val().into_data().to_vec().unwrap();
        let bias: Vec<f32> = self.bias.val().into_data().to_vec().unwrap();
        [weight, bias].concat()
    }
}

/// Walks a path; the largest distance from the golden one.
fn walk(golden: &Value, case: &Value) -> f64 {
    let number = |key: &str| case[key].as_f64().unwrap();
    let mut pair = Pair::new(golden);
    let names =
        HashMap::from([(pair.weight.id, "fc.weight".into()), (pair.bias.id, "fc.bias".into())]);
    let settings = Settings {
        algorithm: parsed::<OptimizerConfig>(&case["optimizer"]),
        weight_decay: number("weight_decay"),
        rates: vec![
            LayerRate { layers: vec!["fc".into()], factor: 7.0, decay: 7.0 },
            LayerRate { layers: vec!["fc.weight".into()], factor: 1.0, decay: 1.0 },
            LayerRate { layers: vec!["fc.bias".into()], factor: number("bias_factor"), decay: 1.0 },
        ],
    };
    let mut optimizer = Optimizer::<Training, _>::new(&settings, &pair, &names).unwrap();
    let gradients = golden["gradients"].as_array().unwrap();
    let batches = case["accumulate"].as_u64().unwrap() as usize;
    let rates = golden["rates"].as_array().unwrap();
    let expected = case["path"].as_array().unwrap();
    assert_eq!(expected.len(), gradients.len() / batches);
    let mut sum = GradientSum::default();
    let steps = gradients.chunks(batches).zip(rates).zip(expected);
    let distances = steps.map(|((parts, rate), expected)| {
        for part in parts {
            sum.add(&pair, pair.gradients(part));
        }
        let mean = sum.take_mean(&pair, number("clip_norm"));
        pair = optimizer.step(rate.as_f64().unwrap(), pair.clone(), mean);
        worst(&pair.values(), &numbers(expected))
    });
    distances.fold(0.0, f64::max)
}

#[test]
fn optimisers_go_the_way_pytorchs_go() {
    let golden = &golden_json("recipe.json")["paths"];
    let cases = golden["cases"].as_array().unwrap();
    assert!(cases.len() > 6);
    for case in cases {
        let distance = walk(golden, case);
        assert!(distance < PATH_TOLERANCE, "{}: {distance}", case["optimizer"]);
        let mut other = case.clone();
        other["weight_decay"] = json!(case["weight_decay"].as_f64().unwrap() + 0.001);
        assert!(walk(golden, &other) > PATH_TOLERANCE, "the comparison notices another decay");
    }
}

#[test]
fn layers_that_are_not_fitted_are_named() {
    let pair = Pair::new(&golden_json("recipe.json")["paths"]);
    let names = HashMap::from([(pair.weight.id, "fc.weight".into())]);
    let settings = Settings {
        algorithm: OptimizerConfig::default(),
        weight_decay: 0.0,
        rates: vec![LayerRate { layers: vec!["f".into()], factor: 1.0, decay: 1.0 }],
    };
    let Err(error) = Optimizer::<Training, _>::new(&settings, &pair, &names) else {
        panic!("\"f\" is no layer, but the beginning of a layer's name");
    };
    assert!(error.to_string().contains("\"f\""), "{error}");
}

/// bfloat16 has 8 bits of mantissa; twenty layers of it leave this much of the logits.
const BF16_DECIBELS: f64 = 25.0;

#[test]
fn bfloat16_convolutions_follow_float32_ones() {
    let device = Default::default();
    let graph = formula::graph(Architecture::ResNet18, 64);
    let weights = formula::weights(&graph);
    let network = |precision| {
        Network::<Training>::new(Segment::whole(&graph), &weights, 0.0, &device)
            .with_precision(precision)
    };
    let preprocessing = Preprocessing::imagenet(64);
    let codes = formula::codes("image", 4 * 64 * 64 * 3);
    let evaluate = |precision| {
        let network = network(precision).valid();
        let logits = network.logits(normalised(&codes, &preprocessing, &device));
        logits.into_data().to_vec::<f32>().unwrap()
    };
    let (exact, rounded) = (evaluate(Precision::F32), evaluate(Precision::Bf16));
    assert_ne!(exact, rounded);
    let decibels = signal_to_noise(&exact, &rounded);
    assert!(decibels > BF16_DECIBELS, "{decibels:.1} dB");

    // Gradients reach every parameter, in float32.
    let network = network(Precision::Bf16);
    let loss = network.logits(normalised(&codes, &preprocessing, &device)).square().mean();
    let gradients = GradientsParams::from_grads(loss.backward(), &network);
    let mut finite = Finite { gradients: &gradients, seen: 0 };
    network.visit(&mut finite);
    // A kernel and two of its norm each, and the classifier's two.
    assert_eq!(finite.seen, 3 * graph.convs().count() + 2);
}

/// Counts gradients, all of which must be finite float32.
struct Finite<'a> {
    gradients: &'a GradientsParams,
    seen: usize,
}

impl ModuleVisitor<Training> for Finite<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<Training, D>>) {
        if let Some(gradient) = self.gradients.get::<Flex, D>(param.id) {
            let values = gradient.into_data().to_vec::<f32>().expect("gradients are float32");
            assert!(values.iter().all(|value| value.is_finite()));
            self.seen += 1;
        }
    }
}
