{#- Only visits and ratings before the overall answer count. The answers are sampled by hash up to the limit. -#}
with scores as (
    select * from {{ ref('int_journey__scores') }}
),

steps as (
    select * from {{ ref('int_journey__steps') }}
),

bounds as (
    select
        {{ threshold('journey', 'window_days') }} as window_days,
        {{ threshold('journey', 'weight_lookback_days') }} as lookback_days,
        {{ threshold('journey', 'weight_answer_limit') }} as answer_limit
),

numbered_answers as (
    select
        scores.response_id,
        scores.customer_key,
        scores.responded_at,
        scores.score as overall_score,
        bounds.lookback_days,
        bounds.answer_limit,
        row_number() over (order by {{ hash_key('scores.response_id') }}, scores.response_id) as draw_number
    from scores
    cross join bounds
    where
        scores.is_overall
        and scores.responded_at >= {{ add_days(as_of_date(), '-(bounds.window_days - bounds.lookback_days)') }}
),

answers as (
    select * from numbered_answers
    where draw_number <= answer_limit
),

visits as (
    select
        answers.response_id,
        steps.touchpoint,
        count(*) as visit_count,
        sum(steps.promise_count) as promise_count,
        sum(steps.broken_promise_count) as broken_promise_count
    from answers
    inner join steps
        on answers.customer_key = steps.customer_key
        and steps.started_at < answers.responded_at
        and {{ days_between('steps.started_at', 'answers.responded_at') }} <= answers.lookback_days
    group by answers.response_id, steps.touchpoint
),

ratings as (
    select
        answers.response_id,
        scores.touchpoint,
        avg(scores.score) as score
    from answers
    inner join scores
        on answers.customer_key = scores.customer_key
        and scores.responded_at < answers.responded_at
        and {{ days_between('scores.responded_at', 'answers.responded_at') }} <= answers.lookback_days
    where not scores.is_overall
    group by answers.response_id, scores.touchpoint
),

experiences as (
    select
        coalesce(visits.response_id, ratings.response_id) as response_id,
        coalesce(visits.touchpoint, ratings.touchpoint) as touchpoint,
        coalesce(visits.visit_count, 0) as visit_count,
        coalesce(visits.promise_count, 0) as promise_count,
        coalesce(visits.broken_promise_count, 0) as broken_promise_count,
        ratings.score
    from visits
    full outer join ratings
        on visits.response_id = ratings.response_id and visits.touchpoint = ratings.touchpoint
),

final as (
    select
        answers.response_id,
        {{ as_of_date() }} as as_of,
        coalesce(experiences.touchpoint, 'none') as touchpoint,
        answers.overall_score,
        cast(coalesce(experiences.visit_count, 0) as bigint) as visit_count,
        {{ steady(ratio('experiences.broken_promise_count', 'experiences.promise_count')) }} as broken_promise_share,
        {{ steady('experiences.score') }} as touchpoint_score
    from answers
    left join experiences on answers.response_id = experiences.response_id
)

select * from final
