{{ config(tags=['decide']) }}
with touchpoints as (
    select * from {{ ref('int_journey__touchpoints') }}
),

weights as (
    select * from {{ ref('int_journey__touchpoint_weights') }}
),

sentiments as (
    select * from {{ ref('int_journey__sentiments') }}
),

bounds as (
    select
        {{ threshold('journey', 'window_days') }} as window_days,
        {{ threshold('journey', 'target_score') }} as target_score,
        {{ threshold('shared', 'minimum_sample') }} as minimum_sample
),

score_extremes as (
    select
        segment,
        max(case when is_reportable then mean_score end) as highest_score,
        min(case when is_reportable then mean_score end) as lowest_score
    from (
        select
            touchpoints.segment,
            touchpoints.mean_score,
            touchpoints.scored_visit_count >= bounds.minimum_sample as is_reportable
        from touchpoints
        cross join bounds
    ) as scored
    group by segment
),

gaps as (
    select
        touchpoints.*,
        bounds.window_days,
        bounds.target_score,
        touchpoints.scored_visit_count >= bounds.minimum_sample as is_reportable,
        case
            when touchpoints.mean_score is not null then greatest(bounds.target_score - touchpoints.mean_score, 0)
        end as shortfall
    from touchpoints
    cross join bounds
),

final as (
    select
        {{ as_of_date() }} as as_of,
        {{ as_of_date() }} as metric_date,
        cast(gaps.window_days as bigint) as window_days,
        gaps.segment,
        gaps.touchpoint,
        gaps.mean_position,
        gaps.visit_count,
        gaps.journey_count,
        gaps.customer_count,
        gaps.score_basis,
        gaps.scored_visit_count,
        gaps.is_reportable,
        gaps.mean_score,
        {{ mean_interval_end('gaps.mean_score', 'gaps.score_variance', 'gaps.scored_visit_count', '-') }}
            as score_low,
        {{ mean_interval_end('gaps.mean_score', 'gaps.score_variance', 'gaps.scored_visit_count', '+') }}
            as score_high,
        coalesce(sentiments.text_count, 0) as text_count,
        sentiments.mean_sentiment,
        {{ mean_interval_end('sentiments.mean_sentiment', 'sentiments.sentiment_variance', 'sentiments.text_count', '-') }}
            as sentiment_low,
        {{ mean_interval_end('sentiments.mean_sentiment', 'sentiments.sentiment_variance', 'sentiments.text_count', '+') }}
            as sentiment_high,
        coalesce(gaps.is_reportable and gaps.mean_score = score_extremes.highest_score, false) as is_peak,
        coalesce(gaps.is_reportable and gaps.mean_score = score_extremes.lowest_score, false) as is_valley,
        {{ steady(ratio('gaps.ended_journey_count', 'gaps.complete_journey_count')) }} as drop_off_share,
        {{ wilson_low('gaps.ended_journey_count', 'gaps.complete_journey_count') }} as drop_off_low,
        {{ wilson_high('gaps.ended_journey_count', 'gaps.complete_journey_count') }} as drop_off_high,
        {{ steady(ratio('gaps.broken_promise_count', 'gaps.promise_count')) }} as broken_promise_share,
        weights.weight,
        weights.weight_low,
        weights.weight_high,
        weights.penalty,
        weights.penalty_low,
        weights.penalty_high,
        weights.reward,
        weights.reward_low,
        weights.reward_high,
        weights.met_answer_count,
        weights.bad_answer_count,
        weights.good_answer_count,
        {{ steady('gaps.shortfall') }} as shortfall,
        {{ steady('weights.weight * gaps.shortfall') }} as opportunity,
        {{ steady('weights.weight_low * gaps.shortfall') }} as opportunity_low,
        {{ steady('weights.weight_high * gaps.shortfall') }} as opportunity_high,
        case
            when weights.weight is not null and gaps.shortfall is not null
                then
                    cast(
                        rank() over (
                            partition by gaps.segment
                            order by weights.weight * gaps.shortfall desc nulls last
                        ) as bigint
                    )
        end as opportunity_rank
    from gaps
    inner join score_extremes on gaps.segment = score_extremes.segment
    left join weights on gaps.touchpoint = weights.touchpoint
    left join sentiments
        on gaps.segment = sentiments.segment
        and gaps.touchpoint = sentiments.touchpoint
)

select * from final
