//! The teacher's solutions in a file: one JSON object a line, appended as they are found, so that a set that was begun goes on.

use std::{
    fs::OpenOptions,
    io::Write as _,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::head::{Example, FEATURES, FEATURES_VERSION, HeadError, OUTPUTS, OUTPUTS_VERSION, Shape, Solution};

/// What one sentence on one body teaches.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesson {
    /// What tells it from the others: sentence and body.
    pub id: String,
    /// Its configurations, in the order of planning.
    pub examples: Vec<Example>,
    /// What the sentence cost with planning as it is, and what it costs as the teacher has it.
    pub costs: [f64; 2],
}

impl Lesson {
    /// From what the teacher found.
    pub fn new(id: String, solution: Solution) -> Self {
        let costs = [solution.analytic.total(), solution.found.total()];
        Self { id, examples: solution.examples, costs }
    }
}

#[derive(Serialize, Deserialize)]
struct Written {
    id: String,
    /// [`FEATURES_VERSION`] and [`OUTPUTS_VERSION`].
    versions: [u32; 2],
    costs: [f64; 2],
    shapes: Vec<Vec<f32>>,
    /// Of each configuration the numbers that are not 0: index, number.
    features: Vec<Vec<(u32, f32)>>,
}

/// Lessons and where they are kept.
#[derive(Debug)]
pub struct LessonSet {
    path: PathBuf,
    lessons: Vec<Lesson>,
}

impl LessonSet {
    /// Takes up a set; an empty one if there is no such file. A last line that was cut off while it was written is left out.
    ///
    /// Errors: a file that can't be read, a line that is no lesson, or one of another version.
    pub fn open(path: &Path) -> Result<Self, HeadError> {
        let mut lessons = Vec::new();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(HeadError::read(path, &error)),
        };
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        for (line, text) in text[..whole].lines().enumerate() {
            let lesson = read(text).map_err(|reason| HeadError::State {
                path: path.to_owned(),
                reason: format!("line {}: {reason}; remove the file to make the set anew", line + 1),
            })?;
            lessons.push(lesson);
        }
        if whole < text.len() {
            std::fs::write(path, &text[..whole]).map_err(|error| HeadError::write(path, &error))?;
        }
        Ok(Self { path: path.to_owned(), lessons })
    }

    /// Adds a lesson, on disk too.
    ///
    /// Errors: [`HeadError::Write`].
    pub fn add(&mut self, lesson: Lesson) -> Result<(), HeadError> {
        let wrong = |error: std::io::Error| HeadError::write(&self.path, &error);
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path).map_err(wrong)?;
        let mut line = serde_json::to_string(&write(&lesson))
            .map_err(|error| HeadError::State { path: self.path.clone(), reason: error.to_string() })?;
        line.push('\n');
        file.write_all(line.as_bytes()).map_err(wrong)?;
        self.lessons.push(lesson);
        Ok(())
    }

    /// Whether there is a lesson of that name.
    pub fn has(&self, id: &str) -> bool {
        self.lessons.iter().any(|lesson| lesson.id == id)
    }

    /// All lessons, in the order they were added.
    pub fn lessons(&self) -> &[Lesson] {
        &self.lessons
    }
}

fn write(lesson: &Lesson) -> Written {
    let sparse = |example: &Example| {
        (0..).zip(example.features.iter().copied()).filter(|(_, number)| *number != 0.0).collect::<Vec<(u32, f32)>>()
    };
    Written {
        id: lesson.id.clone(),
        versions: [FEATURES_VERSION, OUTPUTS_VERSION],
        costs: lesson.costs,
        shapes: lesson.examples.iter().map(|example| example.shape.numbers().to_vec()).collect(),
        features: lesson.examples.iter().map(sparse).collect(),
    }
}

fn read(text: &str) -> Result<Lesson, String> {
    let written: Written = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if written.versions != [FEATURES_VERSION, OUTPUTS_VERSION] {
        let [features, outputs] = written.versions;
        return Err(format!(
            "it has features {features} and outputs {outputs}, expected {FEATURES_VERSION} and {OUTPUTS_VERSION}"
        ));
    }
    if written.shapes.len() != written.features.len() {
        return Err(format!("{} shapes for {} configurations", written.shapes.len(), written.features.len()));
    }
    let mut examples = Vec::with_capacity(written.shapes.len());
    for (shape, seen) in written.shapes.into_iter().zip(written.features) {
        let found = shape.len();
        let numbers: [f32; OUTPUTS] =
            shape.try_into().map_err(|_| format!("a shape has {found} numbers, expected {OUTPUTS}"))?;
        let mut features = Box::new([0.0; FEATURES]);
        for (index, number) in seen {
            *features
                .get_mut(index as usize)
                .ok_or_else(|| format!("there is no feature {index}, expected below {FEATURES}"))? = number;
        }
        examples.push(Example { features, shape: Shape::new(numbers) });
    }
    Ok(Lesson { id: written.id, examples, costs: written.costs })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lesson(id: &str) -> Lesson {
        let mut features = Box::new([0.0; FEATURES]);
        features[7] = 0.25;
        let mut numbers = [0.0; OUTPUTS];
        numbers[3] = -0.5;
        let example = Example { features, shape: Shape::new(numbers) };
        Lesson { id: id.to_owned(), examples: vec![example.clone(), example], costs: [3.0, 1.5] }
    }

    #[test]
    fn a_set_goes_on_where_it_stopped_even_within_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("set.jsonl");
        let mut set = LessonSet::open(&path).unwrap();
        set.add(lesson("a")).unwrap();
        set.add(lesson("b")).unwrap();
        let whole = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 10]).unwrap();
        let mut set = LessonSet::open(&path).unwrap();
        assert_eq!(set.lessons(), [lesson("a")]);
        assert!(set.has("a") && !set.has("b"));
        set.add(lesson("b")).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), whole);
    }

    #[test]
    fn what_is_no_lesson_is_refused_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("set.jsonl");
        for bad in ["{}\n", "{\"id\":\"a\",\"versions\":[99,1],\"costs\":[1,1],\"shapes\":[],\"features\":[]}\n"] {
            std::fs::write(&path, bad).unwrap();
            let error = LessonSet::open(&path).unwrap_err().to_string();
            assert!(error.contains("line 1") && error.contains("remove the file"), "{error}");
        }
    }
}
