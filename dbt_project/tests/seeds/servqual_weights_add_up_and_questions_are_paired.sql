with dimensions as (
    select * from {{ ref('servqual_dimensions') }}
),

questions as (
    select * from {{ ref('servqual_questions') }}
),

problems as (
    select
        concat(
            'servqual_dimensions.csv: the default weights add up to ', cast(round(sum(default_weight), 4) as string),
            '; write weights that add up to 1'
        ) as problem
    from dimensions
    having abs(sum(default_weight) - 1) > 0.0001 or min(default_weight) < 0
    union all
    select
        concat(
            'servqual_questions.csv has ', cast(count(*) as string), ' lines for the question ', question_code,
            '; keep one'
        ) as problem
    from questions
    group by question_code
    having count(*) > 1
    union all
    select
        concat(
            'servqual_questions.csv: ', questions.question_code, ' belongs to ', questions.servqual_dimension,
            ', which servqual_dimensions.csv does not have; write one of its dimensions'
        ) as problem
    from questions
    left join dimensions on questions.servqual_dimension = dimensions.servqual_dimension
    where dimensions.servqual_dimension is null
    union all
    select
        concat(
            'servqual_questions.csv: ', question_code, ' asks for ', aspect,
            '; write expectation, perception or importance'
        ) as problem
    from questions
    where aspect not in ('expectation', 'perception', 'importance')
    union all
    select
        concat(
            'servqual_questions.csv: ', servqual_dimension,
            ' is not asked for both expectation and perception; add the missing question'
        ) as problem
    from questions
    group by servqual_dimension
    having
        max(case when aspect = 'expectation' then 1 else 0 end) = 0
        or max(case when aspect = 'perception' then 1 else 0 end) = 0
)

select * from problems
