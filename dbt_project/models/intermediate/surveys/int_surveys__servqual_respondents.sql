{#- A gap needs both an expectation and a perception. The importance points of a respondent are rescaled to add up to 1.
    -#}
with answers as (
    select * from {{ ref('int_surveys__answers') }}
),

questions as (
    select * from {{ ref('servqual_questions') }}
),

settings as (
    select
        {{ threshold('surveys', 'servqual_window_days') }} as window_days,
        {{ threshold('surveys', 'servqual_lowest_answer') }} as lowest,
        {{ threshold('surveys', 'servqual_highest_answer') }} as highest
),

valid_answers as (
    select
        answers.respondent,
        answers.segment,
        questions.servqual_dimension,
        questions.aspect,
        answers.answer_value
    from answers
    inner join questions on answers.question_code = questions.question_code
    cross join settings
    where
        answers.days_ago <= settings.window_days
        and case
            when questions.aspect = 'importance' then answers.answer_value >= 0
            else answers.answer_value between settings.lowest and settings.highest
        end
),

dimension_answers as (
    select
        respondent,
        servqual_dimension,
        max(segment) as segment,
        avg(case when aspect = 'expectation' then answer_value end) as expectation,
        avg(case when aspect = 'perception' then answer_value end) as perception,
        avg(case when aspect = 'importance' then answer_value end) as importance_points
    from valid_answers
    group by respondent, servqual_dimension
),

with_importance as {{ materialized() }} (
    select
        *,
        {{ ratio('importance_points', 'sum(importance_points) over (partition by respondent)') }} as importance_share,
        min(case when importance_points is null then 0 else 1 end) over (partition by respondent) = 1 as has_importance
    from dimension_answers
),

gaps as (
    select
        respondent,
        segment,
        servqual_dimension,
        case when perception is not null then expectation end as expectation,
        case when expectation is not null then perception end as perception,
        perception - expectation as gap,
        case when has_importance then importance_share end as importance_share
    from with_importance
),

final as (
    select
        respondent,
        'all' as segment,
        servqual_dimension,
        expectation,
        perception,
        gap,
        importance_share
    from gaps
    union all
    select
        respondent,
        segment,
        servqual_dimension,
        expectation,
        perception,
        gap,
        importance_share
    from gaps
)

select * from final
