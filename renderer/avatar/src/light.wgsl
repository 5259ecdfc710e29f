// The light material: a warm key from above the camera, a cool fill, a sky and a rim, worked out at
// each vertex. Colours are linear until `display`; what is written is premultiplied and sRGB-coded,
// because that is the space in which keyers lay one picture over another.

const OCCLUDERS: u32 = 12u;

struct Scene {
    clip_from_world: mat4x4<f32>,
    eye: vec4<f32>,
    // Normalised device coordinates a pixel.
    pixel: vec4<f32>,
    // Centre and radius, metres, of what casts soft shadow: head, hands and forearms.
    occluders: array<vec4<f32>, OCCLUDERS>,
}

@group(0) @binding(0) var<uniform> scene: Scene;
@group(1) @binding(0) var base_texture: texture_2d<f32>;
@group(1) @binding(1) var base_sampler: sampler;

struct Vertex {
    @location(0) position: vec3<f32>,
    @location(1) normal: vec4<f32>,
    // Linear colour and gloss.
    @location(2) paint: vec4<f32>,
    @location(3) uv: vec2<f32>,
}

struct Lit {
    @builtin(position) clip: vec4<f32>,
    @location(0) color: vec3<f32>,
    @location(1) uv: vec2<f32>,
}

// Directions towards the lights, unit length: the key stands above the viewer's left shoulder.
const KEY = vec3<f32>(-0.40, 0.62, 0.675);
const FILL = vec3<f32>(0.75, 0.10, 0.654);
const KEY_COLOR = vec3<f32>(1.02, 0.93, 0.84);
const FILL_COLOR = vec3<f32>(0.16, 0.18, 0.21);
const SKY_COLOR = vec3<f32>(0.26, 0.28, 0.31);
const GROUND_COLOR = vec3<f32>(0.16, 0.13, 0.12);
const RIM_COLOR = vec3<f32>(0.34, 0.37, 0.43);
// How far light reaches round into the shade: skin scatters it.
const WRAP: f32 = 0.30;

// Share of the key light that reaches `position`, 0 to 1.
fn key_reaching(position: vec3<f32>, normal: vec3<f32>) -> f32 {
    var reaching = 1.0;
    for (var i = 0u; i < OCCLUDERS; i++) {
        let occluder = scene.occluders[i];
        let to_centre = occluder.xyz - position;
        let along = dot(to_centre, KEY);
        let aside = length(to_centre - along * KEY);
        // What is within the occluder is the occluder itself.
        let before = smoothstep(1.1, 2.0, along / occluder.w);
        let soft = occluder.w + 0.35 * max(along, 0.0);
        let within = 1.0 - smoothstep(0.25, 1.15, aside / soft);
        reaching *= 1.0 - 0.55 * before * within * occluder.w / soft;
    }
    return reaching;
}

fn light(position: vec3<f32>, normal: vec3<f32>, albedo: vec3<f32>, gloss: f32) -> vec3<f32> {
    let to_eye = normalize(scene.eye.xyz - position);
    let key = (dot(normal, KEY) + WRAP) / (1.0 + WRAP);
    let reaching = key_reaching(position, normal);
    let fill = max(0.5 + 0.5 * dot(normal, FILL), 0.0);
    let sky = mix(GROUND_COLOR, SKY_COLOR, 0.5 + 0.5 * normal.y);
    // Light that went through skin comes out in its own colour: shade is more saturated than light.
    let shade = albedo / (max(max(albedo.r, albedo.g), max(albedo.b, 0.05)));
    let lit = max(key, 0.0);
    let through = mix(shade, vec3<f32>(1.0), smoothstep(0.0, 0.55, lit));
    let irradiance = KEY_COLOR * through * lit * reaching + FILL_COLOR * fill + sky;
    let grazing = pow(1.0 - clamp(dot(normal, to_eye), 0.0, 1.0), 3.0);
    let rim = RIM_COLOR * grazing * (0.5 + 0.5 * clamp(normal.y, 0.0, 1.0)) * (0.14 + 0.6 * albedo);
    let halfway = normalize(KEY + to_eye);
    let power = 8.0 + 120.0 * gloss * gloss;
    let shine = 0.22 * gloss * gloss * pow(max(dot(normal, halfway), 0.0), power) * reaching;
    return albedo * irradiance + rim + shine;
}

// Linear to sRGB; what would be whiter than white is bent, never clipped.
fn display(linear: vec3<f32>) -> vec3<f32> {
    let knee = 0.70;
    let over = max(linear - knee, vec3<f32>(0.0));
    let bent = min(linear, vec3<f32>(knee)) + (1.0 - knee) * over / (over + (1.0 - knee));
    return 1.055 * pow(max(bent, vec3<f32>(0.0031308)), vec3<f32>(1.0 / 2.4)) - 0.055;
}

@vertex fn vertex(vertex: Vertex) -> Lit {
    var out: Lit;
    out.clip = scene.clip_from_world * vec4<f32>(vertex.position, 1.0);
    out.color = display(light(vertex.position, normalize(vertex.normal.xyz), vertex.paint.rgb, vertex.paint.a));
    out.uv = vertex.uv;
    return out;
}

// A strip beside a silhouette, which fades over one pixel.
struct FinVertex {
    @location(0) position: vec3<f32>,
    @location(1) normal: vec4<f32>,
    @location(2) paint: vec4<f32>,
    @location(3) offset: vec2<f32>,
    @location(4) alpha: f32,
}

struct LitFin {
    @builtin(position) clip: vec4<f32>,
    @location(0) color: vec3<f32>,
    @location(1) alpha: f32,
}

@vertex fn fin_vertex(vertex: FinVertex) -> LitFin {
    var out: LitFin;
    let clip = scene.clip_from_world * vec4<f32>(vertex.position, 1.0);
    out.clip = vec4<f32>(clip.xy + vertex.offset * scene.pixel.xy * clip.w, clip.zw);
    out.color = display(light(vertex.position, normalize(vertex.normal.xyz), vertex.paint.rgb, vertex.paint.a));
    out.alpha = vertex.alpha;
    return out;
}

@fragment fn fin(in: LitFin) -> @location(0) vec4<f32> {
    return vec4<f32>(in.color * in.alpha, in.alpha);
}

@fragment fn plain(in: Lit) -> @location(0) vec4<f32> {
    return vec4<f32>(in.color, 1.0);
}

@fragment fn textured(in: Lit) -> @location(0) vec4<f32> {
    let texel = textureSample(base_texture, base_sampler, in.uv);
    if texel.a < 0.5 {
        discard;
    }
    // The texture is sRGB-coded and so is the light: their product is a good likeness of the linear one.
    return vec4<f32>(in.color * texel.rgb, 1.0);
}
