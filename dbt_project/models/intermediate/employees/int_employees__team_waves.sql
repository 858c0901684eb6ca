{#- Averages each person's answers first, so that every person has the same weight. -#}
with answers as (
    select
        responses.employee_id,
        coalesce(responses.team, employees.team) as team,
        {{ month_of('responses.responded_at') }} as survey_month,
        responses.question_code,
        responses.answer_value
    from {{ ref('stg_survey__employee_responses') }} as responses
    left join {{ ref('int_employees') }} as employees on responses.employee_id = employees.employee_id
    where responses.responded_at < {{ as_of_timestamp() }} and responses.answer_value is not null
),

people as (
    select
        team,
        survey_month,
        question_code,
        employee_id,
        avg(answer_value) as answer
    from answers
    where team is not null
    group by team, survey_month, question_code, employee_id
    union all
    select
        team,
        survey_month,
        'all' as question_code,
        employee_id,
        avg(answer_value) as answer
    from answers
    where team is not null
    group by team, survey_month, employee_id
),

final as (
    select
        team,
        survey_month,
        question_code,
        cast(count(*) as double) as respondent_count,
        {{ steady('avg(answer)') }} as employee_score,
        {{ steady('sqrt(greatest(sum(answer * answer) - sum(answer) * sum(answer) / count(*), 0) / nullif(count(*) - 1, 0))') }}
            as answer_deviation
    from people
    group by team, survey_month, question_code
)

select * from final
