from __future__ import annotations

LOCAL_WORDS: dict[str, str] = {
    "sky": "sky, skies",
    "skin": """
skin, skin tone, skin tones, complexion, skintone, skintones, flesh tones, flesh tone
""",
    "face": "face, faces, her face, his face",
    "person": "her, him, she, he, his, hers, person, people",
    "subject": "subject, foreground, main subject",
    "things": """
eye, teeth, tooth, lips, lip, mouth, nose, cheek, hair, beard, forehead, neck, hand, arm, leg,
body, head, ear, shoulder, chin, eyebrow, eyelash, iris, smile line, finger, nail, foot, feet,
knee, man, woman, men, women, girl, boy, child, children, kid, baby, bride, groom, couple, model,
guy, lady, friend, mother, mum, mom, father, dad, daughter, son, wife, husband, grandmother,
grandma, grandfather, grandpa, sister, brother, family, crowd, tourist, dancer, singer, player,
rider, runner, cyclist, fisherman, soldier, actor, musician, teacher, waiter, driver, swimmer,
surfer, dress, shirt, jacket, coat, hat, scarf, shoe, trousers, pants, jeans, skirt, sweater,
suit, tie, glove, bag, glasses, sunglasses, uniform, clothes, clothing, fabric, outfit, blouse,
hoodie, helmet, necklace, ring, earring, watch, crown, veil of the bride, umbrella, backpack,
cloud, sun, star, rainbow, horizon line, mountain, hill, peak, valley, cliff, rock, stone, sand,
beach, shore, coast, desert, dune, water, sea, ocean, lake, river, wave, waterfall, pond, pool,
stream, reflection, puddle, snow, ice, glacier, island, harbour, harbor, bay, grass, lawn, field,
meadow, tree, forest, wood, leaf, leaves, bush, plant, flower, rose bush, petal, garden,
park, branch, trunk, moss, hedge, fern, tulip, sunflower, daisy, lily, dahlia, blossom, fruit,
apple, banana, lemon, tomato, strawberry, vegetable, crop field, wheat, house, home, building,
church, castle, tower, bridge, wall, roof, window, door, street, road, path, city, town, village,
skyline, fence, gate, stairs, room, floor, ceiling, table, chair, bed, sofa, couch, lamp, curtain,
carpet, kitchen, shelf, mirror, picture frame, painting, statue, temple, barn, shed, lighthouse,
pier, dock, market, shop, store, school, station, garage, balcony, chimney, brick, tile, column,
arch, car, bus, truck, van, bike, bicycle, motorbike, motorcycle, train, boat, ship, yacht, plane,
airplane, aeroplane, aircraft, helicopter, balloon, taxi, tram, kite, wheel, engine, sail, cup,
mug, coffee, glass, bottle, plate, bowl, spoon, fork, knife, food, bread, cake, pizza, soup,
salad, cheese, teapot, kettle, vase, candle, book, pen, paper, phone, computer, laptop, keyboard,
screen, clock, guitar, piano, violin, drum, toy, doll, teddy, ball, box, basket, bench, flag,
poster, letter, label, text, number plate, license plate, sculpture, fountain, umbrella stand,
lantern, headlight, neon sign, fire, flame, smoke, rain, raindrop, shadow of the tree, dog, cat,
puppy, kitten, horse, cow, sheep, goat, pig, bird, swan, duck, goose, chicken, eagle, owl, parrot,
fish, shark, whale, dolphin, lion, tiger, bear, wolf, fox, deer, rabbit, squirrel, elephant,
giraffe, zebra, monkey, snake, frog, turtle, butterfly, bee, insect, spider, animal, pet, fur,
feather, wing, tail, dragon, unicorn, robot, monster, ghost, angel, alien, zombie, dinosaur,
knight, princess, king, queen, wizard, witch, astronaut, spaceship, planet, ufo, left side, right
side, left half, right half, top half, bottom half, upper half, lower half, top of the picture,
bottom of the picture, top left corner, top right corner, bottom left corner, bottom right corner,
middle, centre, center, left corner, right corner, top, bottom, side
""",
}
"""Parts of pictures: words about them need a selection."""
