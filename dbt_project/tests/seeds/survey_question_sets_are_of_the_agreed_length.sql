with touchpoints as (
    select * from {{ ref('survey_touchpoints') }}
),

lengths as (
    select
        question_set,
        count(*) as question_count
    from {{ ref('survey_questions') }}
    group by question_set
),

problems as (
    select
        concat(
            'survey_questions.csv: the standard set ', touchpoints.standard_question_set, ' of ', touchpoints.touchpoint,
            ' has ', cast(coalesce(lengths.question_count, 0) as string), ' questions; write exactly 3'
        ) as problem
    from touchpoints
    left join lengths on touchpoints.standard_question_set = lengths.question_set
    where coalesce(lengths.question_count, 0) != 3
    union all
    select
        concat(
            'survey_questions.csv: the VIP set ', touchpoints.vip_question_set, ' of ', touchpoints.touchpoint, ' has ',
            cast(coalesce(lengths.question_count, 0) as string), ' questions; write more than the 3 of the standard set'
        ) as problem
    from touchpoints
    left join lengths on touchpoints.vip_question_set = lengths.question_set
    where coalesce(lengths.question_count, 0) <= 3
)

select * from problems
